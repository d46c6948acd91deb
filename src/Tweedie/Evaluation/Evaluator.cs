using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Evaluates a model of tokens over a grid of samplings. Each item is read, and each image encoded, once for the whole grid.</summary>
public static class Evaluator
{
    /// <summary>Evaluates every combination of the settings; a linear head gives one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="items">The items, such as encoded images; those of a stream are read once.</param>
    /// <param name="settings">The grid.</param>
    /// <param name="metrics">Functions that create the metrics of a row.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">A setting is out of range or asks for what the model cannot do, or an image cannot be read.</exception>
    public static IReadOnlyList<EvaluationRow> Evaluate(TokenModel model, IEnumerable<IEvaluatedItems> items, EvaluationSettings settings,
        IReadOnlyList<Func<IMetric>> metrics, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(metrics);
        OptionsValidator.ValidateMembers(settings, "evaluation");
        var cells = Cells(model, settings, metrics).ToList(); // refuses what the model cannot do before the first item is read, which may take long
        return Rows(model, items, cells, settings.Seed, settings.BatchSize, cancellation);
    }

    /// <summary>Evaluates custom reverse processes: plans, samplers and to-one rules that no settings describe.</summary>
    /// <param name="model">The model; its head is not linear.</param>
    /// <param name="items">The items, such as encoded images; those of a stream are read once.</param>
    /// <param name="samplings">The reverse processes by name; each gives a row per decoding.</param>
    /// <param name="metrics">Functions that create the metrics of a row.</param>
    /// <param name="decode">The decodings, all from the same trajectories; the paper's rule if null.</param>
    /// <param name="draws">Independent draws whose distributions are averaged.</param>
    /// <param name="seed">Seed of noise and draws.</param>
    /// <param name="batchSize">Items that are denoised at a time.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">An image cannot be read.</exception>
    public static IReadOnlyList<EvaluationRow> Evaluate(TokenModel model, IEnumerable<IEvaluatedItems> items, IReadOnlyDictionary<string, IReverseProcess> samplings,
        IReadOnlyList<Func<IMetric>> metrics, IReadOnlyList<DecodeKind>? decode = null, int draws = 1, long seed = 0, int batchSize = 500,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var cells = samplings.Select(pair => new Cell(pair.Value, draws, decode ?? [DecodeKind.Last], metrics) { Name = pair.Key }).ToList();
        return Rows(model, items, cells, seed, batchSize, cancellation);
    }

    /// <summary>Checks what <see cref="Evaluate(TokenModel, IEnumerable{IEvaluatedItems}, EvaluationSettings, IReadOnlyList{Func{IMetric}}, CancellationToken)"/> would refuse.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">The grid.</param>
    /// <exception cref="TweedieException">A setting is out of range or asks for what the model cannot do.</exception>
    public static void Check(TokenModel model, EvaluationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        OptionsValidator.ValidateMembers(settings, "evaluation");
        _ = Cells(model, settings, []).Count();
    }

    /// <summary>The names of the rows that a grid gives (<see cref="EvaluationRow.Name"/>).</summary>
    /// <exception cref="TweedieException">A setting asks for what the model cannot do.</exception>
    internal static IEnumerable<string> Names(TokenModel model, EvaluationSettings settings) =>
        Cells(model, settings, []).SelectMany(cell => cell.Rows()).Select(row => row.Name);

    private static IReadOnlyList<EvaluationRow> Rows(
        TokenModel model, IEnumerable<IEvaluatedItems> items, List<Cell> cells, long seed, int batchSize, CancellationToken cancellation)
    {
        foreach (var part in items)
        {
            using var scope = NewDisposeScope();
            foreach (var batch in part.Chunk(batchSize))
                cells.ForEach(cell => cell.Add(model, batch, seed, cancellation));
        }
        return [.. cells.SelectMany(cell => cell.Rows())];
    }

    private static IEnumerable<Cell> Cells(TokenModel model, EvaluationSettings settings, IReadOnlyList<Func<IMetric>> metrics)
    {
        if (model.Network.IsLinear)
            return [new Cell(null, 1, [DecodeKind.Last], metrics) { Head = model.Network.HeadName }];
        return settings.Samplings().Select(sampling =>
        {
            foreach (var decode in settings.Decode)
                model.Resolve(sampling with { Decode = decode });
            var resolved = model.Resolve(sampling with { Decode = settings.Decode[0] });
            if (resolved is { Draws: > 1, Choose: CandidateChoice.None } && model.Process is AutoregressiveProcess)
                throw new TweedieException(new OptionFault(nameof(settings.Draws), $"{resolved.Draws}",
                    "is more than one, but sentences that go different ways have no mean; measure one draw of an autoregressive model (ar)."), "evaluation");
            return new Cell(model.Reverse(resolved), resolved.Draws, settings.Decode, metrics) { Sampling = resolved };
        });
    }

    /// <summary>The trajectories of one sampling, under all decodings.</summary>
    /// <param name="reverse">How to sample; null for a linear head.</param>
    /// <param name="draws">Independent draws.</param>
    /// <param name="kinds">The decodings.</param>
    /// <param name="metrics">Functions that create the metrics of a row.</param>
    private sealed class Cell(IReverseProcess? reverse, int draws, IReadOnlyList<DecodeKind> kinds, IReadOnlyList<Func<IMetric>> metrics)
    {
        private readonly Dictionary<DecodeKind, List<IMetric>> _metrics = kinds.ToDictionary(kind => kind, _ => metrics.Select(create => create()).ToList());
        private readonly Stopwatch _watch = new();

        /// <summary>The options that describe the reverse process, where there are any.</summary>
        public SamplingOptions? Sampling { get; init; }

        /// <summary>The name of a reverse process that no options describe.</summary>
        public string? Name { get; init; }

        /// <summary>The name of a head, which has nothing to sample.</summary>
        public string? Head { get; init; }

        public void Add(TokenModel model, EvaluatedBatch items, long seed, CancellationToken cancellation)
        {
            var (condition, indices, known) = items;
            using var noGrad = no_grad();
            var all = _metrics.Values.SelectMany(row => row).ToList();
            _watch.Start();
            var choose = Sampling?.Choose ?? CandidateChoice.None;
            var probabilities = (draws > 1 && choose == CandidateChoice.None) || all.Any(metric => metric.NeedsProbabilities); // several draws are averaged
            var predictions = reverse is null
                ? new Dictionary<DecodeKind, TokenPrediction> { [DecodeKind.Last] = model.PredictLinear(condition) }
                : model.Predict(condition, reverse, draws, seed, kinds, indices, probabilities, choose, Show, known, cancellation);
            _watch.Stop();
            foreach (var (kind, row) in _metrics)
            {
                using var prediction = predictions[kind];
                var batch = new PredictedBatch(indices, prediction.Tokens, prediction.Mean) { Sampling = Sampling is null ? null : Sampling with { Decode = kind } };
                row.ForEach(metric => metric.Add(batch));
            }

            void Show(DenoisingStep step) => all.ForEach(metric => metric.Observe(step, indices));
        }

        public IEnumerable<EvaluationRow> Rows() => _metrics.Select(pair =>
        {
            var row = new EvaluationRow(Sampling, reverse is null ? null : pair.Key, pair.Value, _watch.Elapsed.TotalSeconds);
            return Head is not null ? row with { Name = Head } : Name is null ? row : row with { Name = $"{Name}.{pair.Key.ToString().ToLowerInvariant()}" };
        });
    }
}
