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
    /// <param name="processes">The processes, each of which measures its part.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IReadOnlyDictionary<string, double> Measure(ProcessGroup processes, CancellationToken cancellation)
    {
        var numbers = Names.ToDictionary(name => name, _ => 0.0);
        int[][] batches = [.. RowTensors.Spread(_rows, setup.HeldRows).Chunk(setup.Config.Evaluation.BatchSize)];
        var own = processes.Together(() => Measure(batches, processes.PartOf(batches.Length), cancellation), CancellationToken.None);
        var all = processes.Gather(own);
        numbers[MetricInfo.ValidationLoss] = all.SelectMany(part => part.Losses).Sum() / batches.Sum(batch => batch.Length);
        if (_rows.HasKnown)
        {
            var solved = new SolvedRows();
            foreach (var part in all)
                solved.Add(part.Solved);
            (numbers["exactRows"], numbers["exactTokens"]) = (solved.Rows, solved.Tokens);
            return numbers;
        }
        var options = new LikelihoodOptions
        {
            Draws = setup.Model.Method == TokenMethod.Ar ? null : LikelihoodDraws,
            BatchSize = setup.Config.Evaluation.BatchSize,
            Seed = setup.Config.Seed,
        };
        var likelihood = processes.Together(
            () => RowLikelihood.Measure(model, _rows, batches[processes.PartOf(batches.Length)], options, progress: null, cancellation), CancellationToken.None);
        var together = new LikelihoodEstimate(likelihood.Draws);
        foreach (var part in processes.Gather(likelihood.Numbers))
            together.Add(part);
        var summary = together.Summary();
        numbers["natsPerToken"] = summary.NatsPerToken.Value;
        if (setup.CharactersPerToken is { } characters)
            numbers["bitsPerCharacter"] = summary.BitsPerToken / characters;
        return numbers;
    }

    private Measured Measure(int[][] batches, Range part, CancellationToken cancellation)
    {
        var (losses, solved) = (new List<double>(), new SolvedRows());
        foreach (var (number, indices) in batches.Index().Take(part))
        {
            cancellation.ThrowIfCancellationRequested();
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var (read, given) = RowTensors.Read(_rows, epoch: 0, indices);
            var (tokens, known) = (read.to(model.Device), given?.to(model.Device));
            manual_seed(Seeds.Derive(setup.Config.Seed, SeedPurpose.Validate, number));
            losses.Add(RowTask.Loss(loss, model.Network, tokens, known).item<float>() * indices.Length);
            if (known is not null)
                solved.Add(Solve(tokens, known, indices, cancellation), tokens, known);
        }
        return new(losses, solved.Counts);
    }

    /// <summary>What a process has measured.</summary>
    /// <param name="Losses">The sum of the losses of each batch.</param>
    /// <param name="Solved">The counts of solved rows.</param>
    private sealed record Measured(IReadOnlyList<double> Losses, long[] Solved);

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
