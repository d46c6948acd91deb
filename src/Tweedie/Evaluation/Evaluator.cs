using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Evaluates a model of tokens over a grid of samplings. Each image is encoded once, whatever the grid.</summary>
public static class Evaluator
{
    /// <summary>Evaluates every combination of the settings; a linear head gives one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, encoded; those of a stream are read once.</param>
    /// <param name="settings">The grid.</param>
    /// <param name="metrics">Make the metrics of a row.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">A setting is out of range or asks for what the model cannot do, or an image cannot be read.</exception>
    public static IReadOnlyList<EvaluationRow> Evaluate(TokenModel model, IEnumerable<EncodedImages> images, EvaluationSettings settings,
        IReadOnlyList<Func<IMetric>> metrics, CancellationToken cancellation = default)
    {
        OptionsValidator.Validate(settings, "evaluation");
        var cells = Cells(model, settings, metrics).ToList(); // refuses what the model cannot do before the first image, which may take long
        foreach (var encoded in images)
        {
            using var scope = NewDisposeScope();
            foreach (var (condition, indices) in encoded.Chunk(settings.BatchSize))
                cells.ForEach(cell => cell.Add(model, condition, indices, cancellation));
        }
        return [.. cells.SelectMany(cell => cell.Rows())];
    }

    private static IEnumerable<Cell> Cells(TokenModel model, EvaluationSettings settings, IReadOnlyList<Func<IMetric>> metrics)
    {
        if (model.Network.IsLinear)
            return [new Cell(null, [DecodeKind.Last], metrics)];
        return settings.Samplings().Select(sampling =>
        {
            foreach (var decode in settings.Decode)
                model.Resolve(sampling with { Decode = decode });
            return new Cell(model.Resolve(sampling with { Decode = settings.Decode[0] }), settings.Decode, metrics);
        });
    }

    /// <summary>The trajectories of one sampling, under all decodings.</summary>
    private sealed class Cell(SamplingOptions? sampling, IReadOnlyList<DecodeKind> kinds, IReadOnlyList<Func<IMetric>> metrics)
    {
        private readonly Dictionary<DecodeKind, List<IMetric>> _metrics = kinds.ToDictionary(kind => kind, _ => metrics.Select(create => create()).ToList());
        private readonly Stopwatch _watch = new();

        public void Add(TokenModel model, Tensor condition, IReadOnlyList<int> indices, CancellationToken cancellation)
        {
            using var noGrad = no_grad();
            var all = _metrics.Values.SelectMany(row => row).ToList();
            _watch.Start();
            var predictions = sampling is null
                ? new Dictionary<DecodeKind, TokenPrediction> { [DecodeKind.Last] = model.PredictLinear(condition) }
                : model.Predict(condition, sampling, kinds, indices, all.Any(metric => metric.NeedsProbabilities), Show, cancellation);
            _watch.Stop();
            foreach (var (kind, row) in _metrics)
            {
                using var prediction = predictions[kind];
                row.ForEach(metric => metric.Add(new PredictedBatch(indices, prediction.Tokens, prediction.Mean)));
            }

            void Show(DenoisingStep step) => all.ForEach(metric => metric.Observe(step, indices));
        }

        public IEnumerable<EvaluationRow> Rows() => _metrics.Select(pair =>
            new EvaluationRow(sampling, sampling is null ? null : pair.Key, pair.Value, _watch.Elapsed.TotalSeconds));
    }
}
