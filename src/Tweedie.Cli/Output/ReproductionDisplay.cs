using Tweedie.Experiments;

namespace Tweedie.Cli.Output;

/// <summary>Prints one line per computed cell; cells that existed already are passed over.</summary>
internal sealed class ReproductionDisplay(LiveLine line) : IProgress<CellProgress>
{
    /// <inheritdoc/>
    public void Report(CellProgress value)
    {
        var title = $"{value.Number}/{value.Count}  {value.Title}";
        if (value.Taken is null)
            line.Write(title);
        else if (value.Taken is { } taken && taken > TimeSpan.Zero)
            line.Print($"{title}: {Screen.Duration(taken)}");
    }
}
