using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Models;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie generate</c>.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var prompt = new Option<string>("--prompt") { Description = "What each text begins with", DefaultValueFactory = _ => "", HelpName = "TEXT" };
        var length = new Option<int?>("--length") { Description = "Tokens of a text with its prompt; by default as many as the model writes at a time. Longer texts are written part by part", HelpName = "N" }.AtLeast(1);
        var common = new GeneratingOptions();
        var command = new Command("generate",
            "Write texts with a text generator, or draw rows of a table.\nExample: tweedie generate --model runs/shakespeare-char/model --prompt \"ROMEO:\" --length 400 --temperature 0.8")
        { prompt, length };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var typed = common.Read(parsed);
            if (ModelFolder.ReadKind(typed.Model) == ModelFolder.RowGenerator)
            {
                parsed.Refuse(typed.Model, ModelFolder.RowGenerator, prompt, length, common.Trace);
                Rows(typed, cancellation);
            }
            else
            {
                Texts(typed, parsed.GetRequiredValue(prompt), parsed.GetValue(length), cancellation);
            }
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Texts(GeneratingOptions.Typed typed, string prompt, int? length, CancellationToken cancellation)
    {
        using var generator = TextGenerator.Load(typed.Model, typed.Device, typed.Precision);
        var settings = generator.Model.Resolve(typed.Sampling with { Draws = typed.Count });
        if (typed.Trace && length > generator.Options.Tokens)
            throw new UsageException($"--trace shows one part of a text, and --length {length} needs several: give at most {generator.Options.Tokens}.");
        var begin = prompt.Length == 0 ? null : new TokenTemplate([.. TokenTemplate.Known(prompt, generator.Tokenizer).Select(id => (int?)id)], GoesOn: true);
        var texts = typed.Trace ? GeneratedTexts.Traced(generator, begin, length ?? generator.Options.Tokens, typed.Count, typed.Sampling, cancellation)
            : new GeneratedTexts(generator.Generate(typed.Count, prompt, length, typed.Sampling, cancellation), null);
        texts.Print(Screen.Create(typed.Json));
        typed.Write("generate", new { Prompt = prompt, Length = length }, settings, texts);
    }

    private static void Rows(GeneratingOptions.Typed typed, CancellationToken cancellation)
    {
        using var generator = RowGenerator.Load(typed.Model, typed.Device, typed.Precision);
        var rows = generator.Generate(typed.Count, typed.Sampling, cancellation);
        var entries = new TableRows(generator.Columns, [.. rows.Select(row => generator.Columns.Decode(row))]);
        entries.Print(Screen.TerminalFor(typed.Json).Writer);
        typed.Write("generate", new { }, generator.Model.Resolve(typed.Sampling), entries.Rows);
    }
}
