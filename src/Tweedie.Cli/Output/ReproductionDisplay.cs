using Spectre.Console;
using Tweedie.Experiments;

namespace Tweedie.Cli.Output;

/// <summary>One line a cell that was computed; what was there already is passed over.</summary>
internal sealed class ReproductionDisplay(IAnsiConsole console) : IProgress<CellProgress>
{
    /// <inheritdoc/>
    public void Report(CellProgress value)
    {
        if (value.Taken == TimeSpan.Zero || (value.Taken is null && Console.IsOutputRedirected))
            return;
        Screen.ClearLine();
        if (value.Taken is { } taken)
            console.WriteLine($"{value.Number}/{value.Count}  {value.Title}: {Screen.Duration(taken)}");
        else
            Console.Write($"{value.Number}/{value.Count}  {value.Title}");
    }
}
