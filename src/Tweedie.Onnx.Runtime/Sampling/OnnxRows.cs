using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>Samples rows from nothing, some at a time.</summary>
internal static class OnnxRows
{
    /// <summary>Rows of N tokens.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">How many.</param>
    /// <param name="together">How many are sampled side by side.</param>
    /// <param name="known">What is known of each row; null where nothing is.</param>
    /// <param name="sampling">The options, complete, of one draw per row.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public static IEnumerable<long[]> Sample(OnnxTokenModel model, int count, int together, KnownRows? known, SamplingOptions sampling, long seed, CancellationToken cancellation) =>
        Enumerable.Range(0, count).Chunk(together).SelectMany(items =>
        {
            var own = known?.Rows(items[0], items.Length, model.Options.Tokens);
            var steps = model.Denoise(OnnxCondition.None(items.Length), sampling, own, items, seed, cancellation: cancellation);
            return OnnxDecoding.Of(steps, sampling.Decode!.Value, withProbabilities: false).Tokens().Chunk(model.Options.Tokens);
        });
}
