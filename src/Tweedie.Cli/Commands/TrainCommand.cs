using System.CommandLine;
using Tweedie.Cli.Output;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie train</c>.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var options = new TrainOptions();
        var command = new Command("train",
            "Train a model as a config says. Ctrl-C, SIGTERM and --max-time save a checkpoint, from which --resume continues exactly;\n"
            + "the exit codes are 130, 143 and 124.\n"
            + "Example: tweedie train --config configs/fashion-mnist.yaml --set training.epochs=2 --out runs/try");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(options.MaxTime) is { } time)
                stop.CancelAfter(time);
            using var line = parsed.GetValue(options.Worker) ? new LiveLine(relayed: true) : new LiveLine();
            return await new TrainRun(options, parsed, line).RunAsync(cancellation, stop.Token).ConfigureAwait(false);
        });
        return command;
    }
}
