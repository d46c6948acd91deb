using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>One run of sampling: B trajectories side by side.</summary>
/// <param name="Model">The model.</param>
/// <param name="Graphs">Its graphs.</param>
/// <param name="Options">The sampling options, complete.</param>
/// <param name="Condition">The condition of B trajectories.</param>
/// <param name="Streams">The random numbers of each trajectory.</param>
/// <param name="Known">What is known of the rows; null where nothing is.</param>
/// <param name="End">The token that ends a sentence; null where there is none.</param>
/// <param name="Padding">The token behind it.</param>
internal sealed record SamplingRun(
    OnnxModelOptions Model, StepGraphs Graphs, SamplingOptions Options, OnnxCondition Condition, ItemStreams Streams, KnownRows? Known, long? End, long? Padding)
{
    /// <summary>B.</summary>
    public int Items => Streams.Count;

    /// <summary>The lazy stream of steps.</summary>
    public IEnumerable<OnnxStep> Steps(CancellationToken cancellation) => Model.State switch
    {
        OnnxState.Masked => new MaskedSteps(this).Run(cancellation),
        OnnxState.Prefix => new PrefixSteps(this).Run(cancellation),
        _ => new GaussianSteps(this).Run(cancellation),
    };

    /// <summary>The places of a row that come first: those that are known from the start, and of the others the share of highest priority.</summary>
    /// <param name="start">Where the row starts.</param>
    /// <param name="priority">Of each place; infinite where it is known.</param>
    /// <param name="share">0 to 1; the number of places is rounded down.</param>
    public IEnumerable<int> First(int start, float[] priority, double share)
    {
        const double rounding = 1e-9; // of a share that is a multiple of 1/steps
        var given = Known is null ? 0 : Enumerable.Range(start, priority.Length).Count(token => Known.Known[token]);
        return Enumerable.Range(0, priority.Length).OrderByDescending(place => priority[place]).Take(given + (int)Math.Floor((priority.Length - given) * share + rounding));
    }

    /// <summary>What is added to all scores: what is forbidden, and the length bias.</summary>
    public (float[] Values, long[] Shape) Bias()
    {
        var lengthBias = (float)(Options.LengthBias ?? 0);
        if (Known is null && lengthBias == 0)
            return ([0], [1, 1, 1]);
        var (rows, tokens) = Known is null ? (1, 1) : (Items, Model.Tokens);
        var bias = new float[rows * tokens * Model.Classes];
        Known?.AddTo(bias, Model.Tokens, Model.Classes);
        if (lengthBias != 0)
            foreach (var ending in new[] { End!.Value, Padding ?? End.Value }.Distinct())
                for (var token = 0; token < rows * tokens; token++)
                    bias[token * Model.Classes + ending] -= lengthBias;
        return (bias, [rows, tokens, Model.Classes]);
    }
}
