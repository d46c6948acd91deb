using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tokens;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Models;

/// <summary>A row generator.</summary>
internal sealed class ServedRowGenerator(RowGenerator generator, TweedieWebOptions options) : ServedKind(options.Limits)
{
    public override string Name => "rows";

    public override TokenModel Model => generator.Model;

    public override ITokenModelOptions Options => generator.Options;

    public override int Entries => generator.Columns.VocabularySize;

    public override IReadOnlyList<string> Tasks => ["generate", "fill", "score"];

    public override ModelDescription Describe(ModelDescription common) =>
        common with { Columns = [.. generator.Columns.Select(column => new ModelDescription.Column(column.Name, column.Entries))] };

    public override Plan Generate(GenerateRequest request)
    {
        Refuse("prompt", request.Prompt is not null, "fill in rows that are known in part");
        Refuse("length", request.Length is not null, "a row has as many tokens as columns; leave it out");
        var (count, sampling) = (Count(request.Count), Resolve((request.Sampling ?? new()).Over(generator.Drawing)));
        return Denoise([.. Enumerable.Repeat<long[]?>(null, count)], sampling, Top(request.Top, 0, 0));
    }

    public override Plan Fill(FillRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("template", request.Template is not null, "give rows");
        Refuse("count", request.Count is not null, "give a row as often as it is to be filled in");
        Refuse("images", images.Count > 0, "it takes no images; leave them out");
        var rows = Read(request.Rows);
        return Denoise([.. rows.Select(row => row.All(id => id == ITokenRowSource.Missing) ? null : row)], Resolve(request.Sampling), Top(request.Top, 0, 0));
    }

    public override ScoringPlan Score(ScoreRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("texts", request.Texts is not null, "give rows");
        Refuse("images", images.Count > 0, "it takes no images; leave them out");
        var rows = Read(request.Rows);
        if (rows.Index().FirstOrDefault(row => row.Item.Contains(ITokenRowSource.Missing)) is { Item: not null } open)
            throw WebProblem.Refused($"rows[{open.Index}]: has an open place; whole rows are scored.");
        return LikelihoodScores.OfRows(Model, rows, request);
    }

    public override TokenConstraint Constrain(IReadOnlyList<long[]> rows) => generator.Constrain(rows);

    public override string Word(long id, int place) => generator.Columns[place].Entries[(int)id];

    public override string? Text(long[] row) => null;

    private Plan Denoise(IReadOnlyList<long[]?> rows, SamplingOptions sampling, int top) =>
        new([.. rows.Select((row, number) => new DenoisingJob.Asked(null, ItemNoise.Seeds(sampling.Seed, [number]), row))], sampling, top, denoised => new TokenResult(
            denoised.Steps, Words(denoised.Chosen), Entries: Words(denoised.Chosen)));

    private IReadOnlyList<long[]> Read(IReadOnlyList<IReadOnlyList<string?>>? rows)
    {
        if (rows is not { Count: > 0 })
            throw WebProblem.Refused("rows: must be given, a list of rows with an entry or null for each column.");
        WebProblem.Limit("rows", rows.Count, Limits.Count);
        return [.. rows.Select(Read)];
    }

    private long[] Read(IReadOnlyList<string?>? row, int number)
    {
        var columns = generator.Columns;
        if (row is null || row.Count != columns.Count)
            throw WebProblem.Refused($"rows[{number}]: has {row?.Count ?? 0} entries, and the model has {columns.Count} columns.");
        return [.. row.Select((entry, place) => entry is null ? ITokenRowSource.Missing : columns.Find(place, entry) is >= 0 and var id ? id
            : throw WebProblem.Refused($"rows[{number}][{place}]: column '{OneLine.Of(columns[place].Name)}' has no entry '{OneLine.Of(entry)}'."))];
    }
}
