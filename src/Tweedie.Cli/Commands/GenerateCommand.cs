using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie generate</c> and <c>tweedie fill</c>.</summary>
internal static class GenerateCommand
{
    /// <summary><c>tweedie generate</c>: writes texts.</summary>
    public static Command Create()
    {
        var prompt = new Option<string>("--prompt") { Description = "What each text begins with", DefaultValueFactory = _ => "", HelpName = "TEXT" };
        var length = new Option<int?>("--length") { Description = "Tokens of a text with its prompt; by default as many as the model writes at a time. Longer texts are written part by part", HelpName = "N" }.AtLeast(1);
        var common = new CommonParts();
        var command = new Command("generate",
            "Write texts with a text generator.\nExample: tweedie generate --model runs/shakespeare-char/model --prompt \"ROMEO:\" --length 400 --temperature 0.8")
        { prompt, length };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(common.Run(parsed, "generate", (generator, count, sampling) =>
        {
            if (parsed.GetValue(common.Trace) && (parsed.GetValue(length) ?? 0) > generator.Options.Tokens)
                throw new UsageException($"--trace shows one part of a text, and --length {parsed.GetValue(length)} needs several: give at most {generator.Options.Tokens}.");
            var written = parsed.GetRequiredValue(prompt);
            return parsed.GetValue(common.Trace)
                ? GeneratedTexts.Traced(generator, written.Length == 0 ? null : new TokenTemplate([.. TokenTemplate.Known(written, generator.Tokenizer).Select(id => (int?)id)], GoesOn: true),
                    parsed.GetValue(length) ?? generator.Options.Tokens, count, sampling, cancellation)
                : new GeneratedTexts(generator.Generate(count, written, parsed.GetValue(length), sampling, cancellation), null);
        }, new { Prompt = parsed.GetRequiredValue(prompt), Length = parsed.GetValue(length) })));
        return command;
    }

    /// <summary><c>tweedie fill</c>: fills the gaps of a text.</summary>
    public static Command CreateFill()
    {
        var text = new Argument<string>("TEXT") { Description = "The text: [____] is a gap of as many tokens as it has underscores; with ... at the end the text goes on" };
        var common = new CommonParts();
        var command = new Command("fill", "Fill the gaps of a text.\nExample: tweedie fill --model runs/shakespeare-char/model \"The [____] of the king\"") { text };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(common.Run(parsed, "fill", (generator, count, sampling) =>
        {
            var template = TokenTemplate.Parse(parsed.GetRequiredValue(text), generator.Tokenizer);
            return parsed.GetValue(common.Trace)
                ? GeneratedTexts.Traced(generator, template, template.GoesOn ? generator.Options.Tokens : template.Places.Count, count, sampling, cancellation)
                : new GeneratedTexts(generator.Fill(template, count, sampling, cancellation), null);
        }, new { Template = parsed.GetRequiredValue(text) })));
        return command;
    }

    /// <summary>The parts that both commands have.</summary>
    private sealed class CommonParts
    {
        private readonly Option<string> _model = CommonOptions.Model();
        private readonly Option<int> _count = new Option<int>("--count") { Description = "How many texts", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        private readonly DrawOptions _draw = new();
        private readonly Option<string?> _json = CommonOptions.Json();
        private readonly ComputeOptions _compute = new();
        private readonly Option<Platform.Precision> _precision = CommonOptions.Precision();

        public Option<bool> Trace { get; } = new("--trace") { Description = "Show how the first text came about, and colour its tokens by the step in which they settled" };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { _model, _count, Trace, _json, _compute.Device, _compute.Threads, _precision })
                command.Add(option);
            _draw.AddTo(command);
        }

        public int Run(ParseResult parsed, string task, Func<TextGenerator, int, SamplingOptions, GeneratedTexts> write, object asked)
        {
            var (json, model, count) = (parsed.GetValue(_json), parsed.GetRequiredValue(_model), parsed.GetValue(_count));
            JsonOutput.Check(json);
            var device = _compute.Open(parsed);
            var precision = parsed.GetValue(_precision).WarnIfSlow(device);
            using var generator = TextGenerator.Load(model, device, precision);
            var sampling = _draw.Read(parsed, new SamplingOptions { Draws = count });
            var settings = generator.Model.Resolve(sampling);
            var texts = write(generator, count, sampling);
            texts.Print(Screen.Create(json));
            JsonOutput.Write(json, new { Task = task, Model = model, Origin = ResultOrigin.Of(model, precision, device), Settings = settings, Asked = asked, texts.Texts, texts.Trace });
            return ExitCodes.Success;
        }
    }
}
