using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// Writes texts of characters token by token with a cache, and by masked and one-hot diffusion in 8, 20 and 100 steps, with networks of the size of
/// <c>configs/shakespeare-char.yaml</c> and rows of 128 and 512 characters. The networks are not trained: speed does not depend on it.
/// </summary>
internal static class TextSpeed
{
    private const int Rounds = 5;
    private static readonly int[] Steps = [8, 20, 100];
    private static readonly ByteTokenizer Tokenizer = new ByteTokenizer();

    public static void Run()
    {
        foreach (var tokens in new[] { 128, 512 })
        {
            using var scope = NewDisposeScope();
            using var ar = Create(TokenMethod.Ar, tokens);
            using var masked = Create(TokenMethod.Mdd, tokens);
            using var oneHot = Create(TokenMethod.Tdd, tokens);
            foreach (var texts in new[] { 1, 16 })
                Compare(tokens, texts, ar, [("masked", masked), ("one-hot", oneHot)]);
        }
    }

    private static void Compare(int tokens, int texts, TextGenerator ar, (string Name, TextGenerator Generator)[] diffusions)
    {
        var ways = new List<(string Name, Action Work)> { ("token by token", () => ar.Generate(texts)) };
        foreach (var (name, generator) in diffusions)
            foreach (var steps in Steps)
                ways.Add(($"{name}, {steps} steps", () => generator.Generate(texts, sampling: new() { Steps = steps })));
        var times = Contest.Run($"{texts} {(texts == 1 ? "text" : "texts")} of {tokens} characters at a time", Rounds, [.. ways]);
        foreach (var ((name, _), milliseconds) in ways.Zip(times))
            Console.WriteLine(FormattableString.Invariant($"  {name,-36} {1000 * texts * tokens / milliseconds,10:F0} characters per second of a processor"));
    }

    private static TextGenerator Create(TokenMethod method, int tokens)
    {
        var options = new TextGeneratorOptions
        {
            Method = method,
            Tokens = tokens,
            Denoiser = new() { Width = 128, Depth = 4, Heads = 4, Neighbors = method != TokenMethod.Ar },
            Diffusion = method != TokenMethod.Tdd ? new() : new()
            {
                Schedule = ScheduleKind.LogSnr,
                LogSnrMin = -4,
                LogSnrMax = 8,
                Prediction = PredictionKind.Evidence,
                Input = InputKind.Posterior,
            },
        };
        return new(options, TokenNetwork.Create(options, Tokenizer.VocabularySize), Tokenizer);
    }
}
