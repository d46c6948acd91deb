using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Experiments.Report;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie report</c>.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Folders that tweedie train or tweedie reproduce wrote; a training may still run, or have been killed", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The file", DefaultValueFactory = _ => "report.html", HelpName = "FILE" };
        var command = new Command("report",
            "Write trainings and reproductions as one HTML file that needs no other file. Trainings stand side by side: curves, scores and\n"
            + "the settings in which they differ.\nExample: tweedie report runs/cifar10 runs/cifar10-linear --out report.html\n"
            + "Example: tweedie report runs/reproduce-quick runs/reproduce-small")
        { runs, output };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(runs), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Run(string[] runs, string output)
    {
        OutputFile.Check("--out", output);
        ReportWriter.Write(runs, output);
        Screen.Create().WriteLine($"saved {output}");
        return ExitCodes.Success;
    }
}
