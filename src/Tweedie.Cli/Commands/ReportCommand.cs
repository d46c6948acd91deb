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
        var runs = new Argument<string[]>("RUN") { Description = "Folders that tweedie train or tweedie reproduce wrote; a training may still run, or have been killed", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The file", DefaultValueFactory = _ => "report.html", HelpName = "FILE" };
        var claims = new Option<string?>("--claims") { Description = "Also write all claims of the paper with their verdicts, as Markdown, from the reproductions among the folders", HelpName = "FILE" };
        var command = new Command("report",
            "Write trainings and reproductions as one HTML file that needs no other file. Trainings stand side by side: curves, scores and\n"
            + "the settings in which they differ.\nExample: tweedie report runs/cifar10 runs/cifar10-linear --out report.html\n"
            + "Example: tweedie report runs/reproduce-quick runs/reproduce-small\n"
            + "Example: tweedie report runs/reproduce-features runs/reproduce-small --claims claims.md")
        { runs, output, claims };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(runs), parsed.GetRequiredValue(output), parsed.GetValue(claims)));
        return command;
    }

    private static int Run(string[] runs, string output, string? claims)
    {
        OutputFile.Check("--out", output);
        OutputFile.Check("--claims", claims);
        ReportWriter.Write(runs, output);
        Screen.Create().WriteLine($"saved {output}");
        if (claims is null)
            return ExitCodes.Success;
        ClaimsPage.Write([.. runs.Where(run => File.Exists(new ReproductionFolder(run).Record)).Select(run => new ReproductionFolder(run))], claims);
        Screen.Create().WriteLine($"saved {claims}");
        return ExitCodes.Success;
    }
}
