using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tensors;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Measures a model of rows on held-out ones, with noise that is the same at every evaluation: the loss, and either the likelihood or, where rows are problems with
/// solutions, how many are solved as the model is sampled by default.
/// </summary>
/// <param name="setup">The task.</param>
/// <param name="model">The model of the averaged weights.</param>
/// <param name="loss">Its loss.</param>
internal sealed class HeldOutRows(RowTask.Setup setup, TokenModel model, DiffusionLoss loss)
{
    private const int LikelihoodDraws = 4; // an evaluation is a glance; the command `likelihood` draws more

    private readonly ITokenRowSource _rows = setup.Held!;

    /// <summary>The names of the measured numbers; by the first, the best model is chosen.</summary>
    public IReadOnlyList<string> Names => _rows.HasKnown ? ["exactRows", "exactTokens", MetricInfo.ValidationLoss]
        : setup.CharactersPerToken is null ? ["natsPerToken", MetricInfo.ValidationLoss] : ["bitsPerCharacter", "natsPerToken", MetricInfo.ValidationLoss];

    /// <summary>The measured numbers by name.</summary>
    public IReadOnlyDictionary<string, double> Measure(CancellationToken cancellation)
    {
        var numbers = Names.ToDictionary(name => name, _ => 0.0);
        var solved = new SolvedRows();
        numbers[MetricInfo.ValidationLoss] = Loss((tokens, known, indices) =>
        {
            if (known is not null)
                solved.Add(Solve(tokens, known, indices, cancellation), tokens, known);
        }, cancellation);
        if (_rows.HasKnown)
        {
            (numbers["exactRows"], numbers["exactTokens"]) = (solved.Rows, solved.Tokens);
            return numbers;
        }
        var options = new LikelihoodOptions
        {
            Draws = setup.Model.Method == TokenMethod.Ar ? null : LikelihoodDraws,
            BatchSize = setup.Config.Evaluation.BatchSize,
            Seed = setup.Config.Seed,
        };
        var summary = RowLikelihood.Measure(model, _rows, setup.HeldRows, options, cancellation: cancellation).Summary();
        numbers["natsPerToken"] = summary.NatsPerToken.Value;
        if (setup.CharactersPerToken is { } characters)
            numbers["bitsPerCharacter"] = summary.BitsPerToken / characters;
        return numbers;
    }

    // The mean loss of a row.
    private double Loss(Action<Tensor, Tensor?, int[]> observe, CancellationToken cancellation)
    {
        var (measured, sum) = (RowTensors.Spread(_rows, setup.HeldRows), 0.0);
        foreach (var (part, indices) in measured.Chunk(setup.Config.Evaluation.BatchSize).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var (read, given) = RowTensors.Read(_rows, epoch: 0, indices);
            var (tokens, known) = (read.to(model.Device), given?.to(model.Device));
            manual_seed(Seeds.Derive(setup.Config.Seed, SeedPurpose.Validate, part));
            sum += RowTask.Loss(loss, model.Network, tokens, known).item<float>() * indices.Length;
            observe(tokens, known, indices);
        }
        return sum / measured.Length;
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
