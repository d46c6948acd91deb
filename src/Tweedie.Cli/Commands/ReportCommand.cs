using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Experiments;
using Tweedie.Experiments.Report;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie report</c>.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Folders that tweedie reproduce wrote", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The file", DefaultValueFactory = _ => "report.html", HelpName = "FILE" };
        var command = new Command("report",
            "Write reproductions as one HTML file that needs no other file.\nExample: tweedie report runs/reproduce-quick runs/reproduce-small --out report.html")
        { runs, output };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(runs), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Run(string[] runs, string output)
    {
        ReportWriter.Write([.. runs.Select(run => new ReproductionFolder(run))], output);
        Screen.Create().WriteLine($"saved {output}");
        return ExitCodes.Success;
    }
}
