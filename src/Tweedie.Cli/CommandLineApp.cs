using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tweedie.Cli.Commands;
using Tweedie.Onnx;

namespace Tweedie.Cli;

/// <summary>The root command and the handling of errors: one line on standard error and an exit code, without a stack trace for a user's mistake.</summary>
public static class CommandLineApp
{
    /// <summary>Parses and runs a command line; an empty one prints the help.</summary>
    /// <returns>0 on success, 1 on failure, 2 on wrong usage, 124 at the time limit, 130 or 143 when interrupted or terminated.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        OnnxEncoder.Register();
        var root = CreateRoot();
        string[] words = args.Length == 0 ? ["--help"] : args;
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in UsageErrors.Of(parsed))
                await Console.Error.WriteLineAsync($"error: {error}").ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"See: {UsageErrors.PathOf(parsed.CommandResult.Command)} --help").ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        using var interruption = new Interruption();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
        }
        catch (TweedieException error)
        {
            await Console.Error.WriteLineAsync($"error: {OptionWords.Of(error, parsed.CommandResult.Command)}").ConfigureAwait(false);
            return ExitCodes.Failure;
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message}").ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException stopped)
        {
            var message = stopped is InterruptedException ? stopped.Message : "interrupted";
            if (message != "") // one of several processes speaks for all
                await Console.Error.WriteLineAsync(message).ConfigureAwait(false);
            return interruption.ExitCode;
        }
    }

    /// <summary>The program's commands.</summary>
    internal static Command CreateRoot()
    {
        var root = new Command("tweedie", "Discrete diffusion in one-hot space: train, evaluate and use models that denoise labels, captions and texts.")
        {
            DemoCommand.Create(), TrainCommand.Create(), EvalCommand.Create(), LikelihoodCommand.Create(), CalibrateCommand.Create(), ClassifyCommand.Create(), CaptionCommand.Create(),
            ServeCommand.Create(), GenerateCommand.Create(), FillCommand.Create(), AnnotateCommand.Create(),
            InfoCommand.Create(), DataCommand.Create(), FeaturesCommand.Create(), ReproduceCommand.Create(), ReportCommand.Create(), CompareCommand.Create(), ScoreCommand.Create(),
            ImportCommand.Create(), ExportCommand.Create(), ConfigCommand.Create(), InitCommand.Create(),
            new HelpOption { Action = new PlainHelp() }, new VersionOption(),
        };
        StrictNumbers.Use(root);
        return root;
    }

    /// <summary>The usual help, with default values as they are typed: 1,5,20 and last,consensus, not 1|5|20 and Last|Consensus.</summary>
    private sealed class PlainHelp : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var configuration = parseResult.InvocationConfiguration;
            var output = configuration.Output;
            using var text = new StringWriter();
            configuration.Output = text;
            var exitCode = _help.Invoke(parseResult);
            configuration.Output = output;
            output.Write(parseResult.CommandResult.Command.Options.Where(option => option.HasDefaultValue)
                .Aggregate(text.ToString(), (help, option) => AsTyped(help, option.GetDefaultValue())));
            return exitCode;
        }

        private static string AsTyped(string help, object? value)
        {
            object?[] items = value switch { Array list => [.. list.Cast<object?>()], Enum name => [name], _ => [] };
            return items.Length == 0 ? help
                : help.Replace($"{string.Join('|', items)}]", $"{string.Join(',', items).ToLowerInvariant()}]", StringComparison.Ordinal);
        }
    }
}
