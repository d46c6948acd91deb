using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom diffusion process: one-hot diffusion that draws a level for each token in training (Chen et al. 2024, "diffusion forcing"), so that
/// the network knows the states of <see cref="CommitConfident"/>, in which some tokens are clean and others noisy. The inner process does everything else.
/// </summary>
/// <param name="inner">The process.</param>
public sealed class TokenLevels(OneHotDiffusion inner) : DiffusionProcess
{
    /// <summary>The noise schedule.</summary>
    public NoiseSchedule Schedule => inner.Schedule;

    /// <summary>Levels of shape (items · copies, N), the copies of an item side by side. The copies of a token are stratified as usual.</summary>
    public override NoiseLevels DrawLevels(int items, int copies, int tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var drawn = inner.DrawLevels(items * tokens, copies, 1, device); // as if each token were an item
        return new(PerToken(drawn.State).MoveToOuterDisposeScope(), PerToken(drawn.Told).MoveToOuterDisposeScope());

        Tensor PerToken(Tensor values) => values.view(items, tokens, copies).transpose(1, 2).reshape(items * copies, tokens);
    }

    /// <inheritdoc/>
    public override ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null) =>
        inner.CreateSpace(weight, tokens, logPrior);

    /// <inheritdoc/>
    public override Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise) =>
        inner.Corrupt(space, tokens, levels, noise);

    /// <inheritdoc/>
    public override Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null) =>
        inner.Loss(output, tokens, corruption, tokenWeights);

    /// <inheritdoc/>
    public override NoiseLevels Levels(NoiseLevel level, Device device) => inner.Levels(level, device);

    /// <inheritdoc/>
    public override Logits Scores(Logits output, ITokenSpace space, Tensor state, NoiseLevels levels) =>
        inner.Scores(output, space, state, levels);

    /// <inheritdoc/>
    public override IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null) =>
        inner.Reverse(options, endToken, paddingToken);
}
