using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Σ weight·CE(softmax(hidden·Vᵀ + b), token) over all tokens. The scores of all tokens never exist at once: a chunk of tokens is projected, and its loss and
/// gradients are computed before the next chunk. Nothing is projected twice, and memory does not grow with tokens × K (the fused linear cross-entropy of
/// Liger Kernel, Hsu et al. 2024).
/// </summary>
internal static class LinearCrossEntropy
{
    private const long ChunkScores = 1 << 23; // 32 MiB of scores in single precision

    /// <summary>The weighted sum of the tokens' losses.</summary>
    /// <param name="logits">The scores of (B, N) tokens, with an output layer.</param>
    /// <param name="tokens">The right entries, shape (B, N), int64.</param>
    /// <param name="tokenWeights">The tokens' weights, shape (B, N), float32.</param>
    /// <param name="labelSmoothing">Share of the target that is uniform over the K entries.</param>
    /// <returns>A scalar, float32, with gradients for the hidden state and the output layer.</returns>
    public static Tensor Sum(Logits logits, Tensor tokens, Tensor tokenWeights, double labelSmoothing)
    {
        if (logits is not { Weight: { } weight, Bias: { } bias })
            throw new ArgumentException("The cross-entropy needs logits with an output layer.", nameof(logits));
        using var scope = NewDisposeScope();
        var hidden = logits.Hidden.flatten(0, 1);
        var precision = nn.functional.linear(hidden.narrow(0, 0, 1), weight.narrow(0, 0, 1)).dtype; // autocast's, or that of the weights
        var layer = new OutputLayer(hidden.detach().to(precision), weight.detach().to(precision), bias.detach().to(precision));
        var gradients = is_grad_enabled() ? layer.Zeros() : null;
        var loss = layer.Sum(tokens.flatten(), tokenWeights.flatten(), labelSmoothing, logits.Evidence, gradients);
        if (gradients is not null)
            loss = WithGradients(loss, (hidden, gradients.Hidden), (weight, gradients.Weight), (bias, gradients.Bias));
        return loss.MoveToOuterDisposeScope();
    }

    // Σ⟨x, g⟩ has the gradient g for each x. Its own value is subtracted, so it adds nothing to the loss.
    private static Tensor WithGradients(Tensor loss, params (Tensor Variable, Tensor Gradient)[] pairs)
    {
        foreach (var (variable, gradient) in pairs)
        {
            var linear = variable.flatten().dot(gradient.to(variable.dtype).flatten()).to(float32);
            loss = loss.Plus(linear - linear.detach());
        }
        return loss;
    }

    /// <summary>The hidden states (tokens, d), V (K, d) and b (K), or what belongs to each of them.</summary>
    private sealed record OutputLayer(Tensor Hidden, Tensor Weight, Tensor Bias)
    {
        public OutputLayer Zeros() => new(Zero(Hidden), Zero(Weight), Zero(Bias));

        /// <summary>The weighted sum of the tokens' losses; adds its gradients to those given.</summary>
        public Tensor Sum(Tensor tokens, Tensor tokenWeights, double smoothing, Logits? evidence, OutputLayer? gradients)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var (count, classes) = (Hidden.shape[0], Weight.shape[0]);
            var (meanWeight, meanBias) = (Weight.mean([0], type: float32), Bias.mean([0], type: float32));
            var total = zeros([], float32, Hidden.device);
            var length = Math.Max(1, ChunkScores / classes);
            for (var start = 0L; start < count; start += length)
            {
                using var chunkScope = NewDisposeScope();
                Tensor Part(Tensor whole) => whole.narrow(0, start, Math.Min(length, count - start));
                var (hidden, right, weights) = (Part(Hidden), Part(tokens).unsqueeze(1), Part(tokenWeights).unsqueeze(1));

                var scores = nn.functional.linear(hidden, Weight, Bias).to(float32);
                evidence?.Range(start, hidden.shape[0]).AddTo(scores.unsqueeze(0));
                var losses = scores.gather(1, right).Times(smoothing - 1);
                if (smoothing > 0) // the mean score of an output layer is the score of the mean output vector
                    losses = losses.Plus(evidence is null ? (hidden * meanWeight).sum([1], keepdim: true).Plus(meanBias) : scores.mean([1], keepdim: true), -smoothing);
                var highest = scores.amax([1], keepdim: true);
                var exponentials = Logits.Exponentials(scores.sub_(highest)); // in place of the scores, to save memory
                var sums = exponentials.sum(1, keepdim: true);
                losses = losses.Plus(sums.log()).Plus(highest);
                total.Increase((losses * weights).sum());
                if (gradients is null)
                    continue;

                // dCE/dscore = softmax − (1 − s)·onehot − s/K. The softmax's divisor and the token's weight scale whole rows: they are applied
                // where a row has d entries and not K.
                var slope = exponentials.scatter_add_(1, right, sums.Times(smoothing - 1));
                if (smoothing > 0)
                    slope.Increase(sums, -smoothing / classes);
                var scale = weights / sums;
                gradients.Bias.Increase(slope.t().mv(scale.squeeze(1)));
                slope = slope.to(Weight.dtype);
                Part(gradients.Hidden).copy_(matmul(slope, Weight) * scale);
                gradients.Weight.Increase(matmul(slope.t(), (hidden * scale).to(Weight.dtype)));
            }
            return total.MoveToOuterDisposeScope();
        }

        private static Tensor Zero(Tensor like) => zeros(like.shape, float32, like.device);
    }
}
