using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>What an arm changes.</summary>
public static class Arms
{
    // The log-SNR below which a state tells nothing: argmax finds the right one of ten classes in hardly more than a tenth of the cases.
    private const double NoLabel = -8;

    /// <summary>The arm's name in tables and figures.</summary>
    public static string Title(this Arm arm) => arm switch
    {
        Arm.Linear => "MDD (linear head)",
        Arm.Mlp => "MLP head of TDD's size",
        Arm.LargerLinear => "linear head, larger encoder",
        Arm.Blind => "TDD's head, trained on noise alone",
        Arm.Coefficient => "TDD, with coefficient",
        Arm.NoCoefficient => "TDD, without coefficient",
        Arm.NoGuidance => "TDD, trained without guidance",
        Arm.NoiseRegression => "regression on the noise",
        _ => "regression on the one-hot vector",
    };

    /// <summary>Whether the arm reads the label off the condition, so that there is nothing to sample.</summary>
    public static bool HasHead(this Arm arm) => arm is Arm.Linear or Arm.Mlp or Arm.LargerLinear;

    /// <summary>The run of the arm and seed.</summary>
    public static ClassificationRun Apply(this Arm arm, ClassificationRun run, long seed)
    {
        run = run with { Seed = seed };
        return arm switch
        {
            Arm.Linear => run with { Model = run.Model with { Method = TokenMethod.Linear } },
            Arm.LargerLinear => run with
            {
                Model = run.Model with { Method = TokenMethod.Linear, Encoder = run.Model.Encoder with { Width = run.Model.Encoder.Width * 3 / 2, Depth = run.Model.Encoder.Depth * 3 / 2 } },
            },
            Arm.Mlp => run with { Model = run.Model with { Method = TokenMethod.Mlp } },
            Arm.Blind => run with
            {
                Training = run.Training with { Coefficient = false, Timesteps = TimestepDistribution.LogSnrWindow, LogSnrMin = -40, LogSnrMax = NoLabel },
                Evaluation = run.Evaluation with { Steps = [1] },
            },
            Arm.Coefficient => run with { Training = run.Training with { Coefficient = true } },
            Arm.NoCoefficient => run with { Training = run.Training with { Coefficient = false } },
            Arm.NoGuidance => run with
            {
                Training = run.Training with { Coefficient = true, ConditionDropout = 0 },
                Evaluation = run.Evaluation with { Guidance = 1 },
            },
            Arm.NoiseRegression => Regression(run, PredictionKind.Noise),
            _ => Regression(run, PredictionKind.Clean),
        };
    }

    private static ClassificationRun Regression(ClassificationRun run, PredictionKind prediction) => run with
    {
        Model = run.Model with { Diffusion = run.Model.Diffusion with { Prediction = prediction } },
        Training = run.Training with { Coefficient = false },
    };
}
