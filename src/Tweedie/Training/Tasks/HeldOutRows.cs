using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Measures a model of rows on held-out ones: the loss with noise that is the same at every evaluation and, where rows are problems with solutions, how many are
/// solved as the model is sampled by default.
/// </summary>
/// <param name="setup">The task.</param>
/// <param name="model">The model of the averaged weights.</param>
/// <param name="loss">Its loss.</param>
internal sealed class HeldOutRows(RowTask.Setup setup, TokenModel model, DiffusionLoss loss)
{
    private readonly ITokenRowSource _rows = setup.Held!;

    /// <summary>The names of the measured numbers; by the first, the best model is chosen.</summary>
    public IReadOnlyList<string> Names => _rows.HasKnown ? ["exactRows", "exactTokens", MetricInfo.ValidationLoss] : [MetricInfo.ValidationLoss];

    /// <summary>The measured numbers by name.</summary>
    public IReadOnlyDictionary<string, double> Measure(CancellationToken cancellation)
    {
        var count = Math.Min(setup.HeldRows, _rows.Count);
        int[] measured = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * _rows.Count / count))];
        var (sum, solved) = (0.0, new SolvedRows());
        foreach (var (part, indices) in measured.Chunk(setup.Config.Evaluation.BatchSize).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            using var batch = RowTask.Read(_rows, epoch: 0, indices);
            var (tokens, known) = (batch.Tokens.to(model.Device), batch.Inputs?.to(model.Device));
            manual_seed(Seeds.Derive(setup.Config.Seed, SeedPurpose.Validate, part));
            sum += RowTask.Loss(loss, model.Network, tokens, known).item<float>() * indices.Length;
            if (known is not null)
                solved.Add(Solve(tokens, known, indices, cancellation), tokens, known);
        }
        var numbers = new Dictionary<string, double> { [MetricInfo.ValidationLoss] = sum / count };
        if (_rows.HasKnown)
            (numbers["exactRows"], numbers["exactTokens"]) = (solved.Rows, solved.Tokens);
        return numbers;
    }

    private Tensor Solve(Tensor tokens, Tensor known, int[] indices, CancellationToken cancellation)
    {
        var sampling = model.Resolve(new() { Seed = setup.Config.Seed });
        using var constraint = new TokenConstraint(tokens, known, _rows.VocabularySize);
        using var decoding = Decoding.Of(
            model.Denoise(model.Unconditional(indices.Length), model.Reverse(sampling), sampling.Seed, items: indices, constraint: constraint, cancellation: cancellation),
            sampling.Decode!.Value, probabilities: false);
        return decoding.Tokens(sampling.Decode.Value);
    }
}
