using System.Text;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Statistics;
using Tweedie.Platform;

namespace Tweedie.Experiments.Report;

/// <summary>One reproduction as a part of the page.</summary>
internal sealed class ReproductionPart : IReportPart
{
    private readonly ReproductionFolder _folder;
    private readonly string _id;
    private readonly ReproductionRecord _record;
    private readonly IReadOnlyList<Exhibit> _exhibits;
    private readonly IReadOnlyList<Claim> _claims;

    /// <summary>Reads a reproduction.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="id">What the names of its sections begin with.</param>
    /// <exception cref="TweedieException">The folder holds no reproduction, or the reproduction has no exhibit yet.</exception>
    public ReproductionPart(ReproductionFolder folder, string id)
    {
        (_folder, _id) = (folder, id);
        if (!File.Exists(folder.Record))
            throw new TweedieException($"{folder.Path}: holds no reproduction; make one with tweedie reproduce.");
        _record = ExperimentJson.Read<ReproductionRecord>(folder.Record);
        _exhibits = [.. PaperExperiments.All.Select(experiment => folder.Exhibit(experiment.Name)).Where(File.Exists).Select(ExperimentJson.Read<Exhibit>)
            .Where(exhibit => !exhibit.IsEmpty)];
        _claims = [.. _exhibits.SelectMany(exhibit => exhibit.Claims)];
        if (_exhibits.Count == 0)
            throw new TweedieException($"{folder.Path}: has no finished table or figure; finish with tweedie reproduce --resume.");
    }

    // The heading names the folder, because a page may hold two reproductions of one scale.
    private string Heading => Html.Text($"Scale {_record.Scale.ToString().ToLowerInvariant()}: {Path.TrimEndingDirectorySeparator(_folder.Path)}");

    private string Facts =>
        $"Classifiers: {_record.Seeds} {(_record.Seeds == 1 ? "seed" : "seeds")}; captions: the seeds that their tables name. "
        + $"Data: {(_record.Data.Length == 0 ? "generated" : _record.Data)}."
        + (_record.Version is { } version ? $" Newest command: Tweedie {version}." : "");

    /// <inheritdoc/>
    public string Contents() =>
        $"<li><a href=\"#{_id}\">{Heading}</a><ul>{(_claims.Count == 0 ? "" : $"<li><a href=\"#{_id}-claims\">Claims</a></li>")}"
        + string.Concat(_exhibits.Select(exhibit => $"<li><a href=\"#{_id}-{exhibit.Name}\">{Html.Text(exhibit.Title)}</a></li>"))
        + $"<li><a href=\"#{_id}-runs\">Trainings, machine, commands</a></li></ul></li>";

    /// <inheritdoc/>
    public string Body()
    {
        var html = new StringBuilder($"<h2 id=\"{_id}\">{Heading}</h2>\n").Append(Html.Paragraph(Facts));
        if (_claims.Count > 0)
        {
            html.Append($"<section id=\"{_id}-claims\"><h3>The paper's claims at this scale</h3>\n").Append(Html.Paragraph(Comparison.Rule));
            html.Append(ClaimTable.Create("All claims of the tables and figures below", _claims)).Append("</section>\n");
        }
        html.AppendJoin("", _exhibits.Select(exhibit => ExhibitSection.Create(exhibit, _folder.Exhibits, $"{_id}-{exhibit.Name}")));
        return html.Append(Runs()).ToString();
    }

    private string Runs()
    {
        var trainings = new CellStore(_folder.Cells).Trainings();
        var html = new StringBuilder($"<section id=\"{_id}-runs\"><h3>Trainings, machine, commands</h3>\n");
        html.Append(Html.Table("Trainings", ["training", "parameters", "seconds"], trainings.Select(training => (IReadOnlyList<string>)
            [training.Title, Show.Parameters(training.Result.Parameters), FormattableString.Invariant($"{training.Result.Seconds:F0}")])));
        html.AppendJoin("", trainings.Select(training => Html.Folded($"Config: {training.Title}", $"<pre>{Html.Text(training.Identity)}</pre>\n")));
        html.AppendJoin("", _record.Hosts.Select(host => Html.Table("Machine", ["what", "value"], Describe(host))));
        html.Append($"<p>Commands:</p><pre>{Html.Text(string.Join('\n', _record.Commands))}</pre>\n");
        return html.Append("</section>\n").ToString();
    }

    private static IReadOnlyList<IReadOnlyList<string>> Describe(HostInfo host) =>
    [
        ["processor", $"{host.Processor}, {host.Cores} logical processors, {host.Threads} used by an operation"],
        ["accelerators", host.CudaDevices.Count == 0 ? "none" : string.Join(", ", host.CudaDevices)],
        ["system", host.OperatingSystem],
        ["runtime", $"{host.Runtime}, libtorch {host.Libtorch}"],
    ];
}
