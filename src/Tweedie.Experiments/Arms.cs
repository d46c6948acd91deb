using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>What an arm changes.</summary>
public static class Arms
{
    /// <summary>The arm's name in tables and figures.</summary>
    public static string Title(this Arm arm) => arm switch
    {
        Arm.Linear => "MDD (linear head)",
        Arm.Coefficient => "TDD, with coefficient",
        Arm.NoCoefficient => "TDD, without coefficient",
        Arm.NoGuidance => "TDD, trained without guidance",
        Arm.NoiseRegression => "regression on the noise",
        _ => "regression on the one-hot vector",
    };

    /// <summary>The run of the arm and seed.</summary>
    public static ClassificationRun Apply(this Arm arm, ClassificationRun run, long seed)
    {
        run = run with { Seed = seed };
        return arm switch
        {
            Arm.Linear => run with { Model = run.Model with { Method = TokenMethod.Linear } },
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
