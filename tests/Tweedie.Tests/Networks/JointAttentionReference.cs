using Tweedie.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Tweedie.Tests.Networks;

/// <summary>
/// The denoiser computed naively: condition tokens and noisy tokens form one sequence, which every layer attends to under a mask that
/// hides the noisy tokens from the condition tokens. Nothing is cached.
/// </summary>
internal sealed class JointAttentionReference(Denoiser network, int depth, int heads)
{
    private readonly Dictionary<string, Tensor> _weights = network.state_dict();

    /// <summary>Outputs (B, N, K) for noisy tokens (B, N, K), timesteps (B) and condition tokens (B, M, width of the encoder).</summary>
    public Tensor Outputs(Tensor noisy, Tensor timesteps, Tensor condition)
    {
        var time = Linear("time_embed.fc2", silu(Linear("time_embed.fc1", TimestepEmbedding.Sinusoids(timesteps)))).unsqueeze(1);
        var tokens = noisy.matmul(_weights["token_embed.weight"].t()).Plus(time);
        if (_weights.TryGetValue("pos_embed", out var positions))
            tokens = tokens.Plus(positions);
        var (context, count) = (condition.shape[1], noisy.shape[1]);
        var sequence = cat([Linear("cond_embed", condition), tokens], 1);
        var visible = ones([context + count, context + count], ScalarType.Bool);
        visible.narrow(0, 0, context).narrow(1, context, count).zero_();

        for (var layer = 0; layer < depth; layer++)
        {
            var name = $"blocks.{layer}";
            sequence = sequence.Plus(Attention($"{name}.attn", Norm($"{name}.norm1", sequence), visible));
            sequence = sequence.Plus(Linear($"{name}.mlp.fc2", gelu(Linear($"{name}.mlp.fc1", Norm($"{name}.norm2", sequence)))));
        }
        return Linear("head", Norm("norm", sequence.narrow(1, context, count)));
    }

    private Tensor Linear(string name, Tensor input) => input.matmul(_weights[$"{name}.weight"].t()).Plus(_weights[$"{name}.bias"]);

    private Tensor Norm(string name, Tensor input)
    {
        var centred = input - input.mean([-1], keepdim: true);
        var deviation = centred.Squared().mean([-1], keepdim: true).Plus(1e-6).sqrt();
        return (centred / deviation * _weights[$"{name}.weight"]).Plus(_weights[$"{name}.bias"]);
    }

    private Tensor Attention(string name, Tensor input, Tensor visible)
    {
        var width = input.shape[^1];
        var each = width / heads;
        var projected = Linear($"{name}.qkv", input);
        List<Tensor> mixed = [];
        for (var head = 0; head < heads; head++)
        {
            var (query, key, value) = (Part(0), Part(1), Part(2));
            var scores = query.matmul(key.transpose(1, 2)).Over(Math.Sqrt(each));
            mixed.Add(softmax(where(visible, scores, tensor(float.NegativeInfinity)), -1).matmul(value));

            Tensor Part(int which) => projected.narrow(2, which * width + head * each, each);
        }
        return Linear($"{name}.proj", cat(mixed, 2));
    }
}
