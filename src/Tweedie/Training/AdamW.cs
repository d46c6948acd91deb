using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>AdamW (Loshchilov and Hutter 2019) on flat parameters.</summary>
internal sealed class AdamW : IDisposable
{
    private const double Epsilon = 1e-8;

    private readonly FlatParameters _parameters;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _weightDecay;
    private readonly List<(Tensor Mean, Tensor Square)> _moments;

    /// <summary>Creates the optimiser with zero moments.</summary>
    public AdamW(FlatParameters parameters, double beta1, double beta2, double weightDecay)
    {
        (_parameters, _beta1, _beta2, _weightDecay) = (parameters, beta1, beta2, weightDecay);
        _moments = [.. parameters.Groups.Select(group =>
            (zeros_like(group.Values).DetachFromDisposeScope(), zeros_like(group.Values).DetachFromDisposeScope()))];
    }

    /// <summary>Changes the parameters by one step.</summary>
    /// <param name="step">The 1-based number of the step, for bias correction.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    public void Step(long step, double learningRate)
    {
        using var noGrad = no_grad();
        for (var i = 0; i < _moments.Count; i++)
        {
            var group = _parameters.Groups[i];
            var (mean, square) = _moments[i];
            var keep = group.Decay ? 1 - learningRate * _weightDecay : 1;
            var stepSize = learningRate / (1 - Math.Pow(_beta1, step));
            var inverseRoot = 1 / Math.Sqrt(1 - Math.Pow(_beta2, step));
            if (group.Values.device_type == DeviceType.CPU)
                FusedAdamW.Step(group.Values, group.Gradients!, mean, square,
                    new((float)_beta1, (float)_beta2, (float)stepSize, (float)inverseRoot, (float)Epsilon, (float)keep));
            else
                StepByTensors(group.Values, group.Gradients!, mean, square, stepSize, inverseRoot, keep);
        }
    }

    // The same update by tensor operations, for devices whose memory this process cannot read.
    internal void StepByTensors(Tensor values, Tensor gradient, Tensor mean, Tensor square, double stepSize, double inverseRoot, double keep)
    {
        using var scope = NewDisposeScope();
        using Scalar rest = 1 - _beta2, epsilon = Epsilon, size = -stepSize;
        mean.Scale(_beta1).Increase(gradient, 1 - _beta1);
        square.Scale(_beta2).addcmul_(gradient, gradient, rest);
        var denominator = square.sqrt().Scale(inverseRoot).add_(epsilon, TensorArithmetic.One);
        values.Scale(keep).addcdiv_(mean, denominator, size);
    }

    /// <summary>The moments as flat tensors.</summary>
    public IEnumerable<Tensor> Moments => _moments.SelectMany(moment => new[] { moment.Mean, moment.Square });

    /// <summary>The moments by parameter name, <c>exp_avg.*</c> and <c>exp_avg_sq.*</c>, as views: writing to them changes the state.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => _moments.SelectMany((moment, i) =>
        Named("exp_avg.", _parameters.Groups[i], moment.Mean).Concat(Named("exp_avg_sq.", _parameters.Groups[i], moment.Square)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (mean, square) in _moments)
        {
            mean.Dispose();
            square.Dispose();
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, FlatGroup group, Tensor flat) =>
        group.Views(flat).Select(view => new KeyValuePair<string, Tensor>(prefix + view.Key, view.Value));
}
