namespace Tweedie.Experiments;

/// <summary>The trainings that the paper compares. All else is the same for all of them.</summary>
public enum Arm
{
    /// <summary>A linear head on the same encoder: masked diffusion of one token (the paper's MDD).</summary>
    Linear,
    /// <summary>TDD with the timestep-conditioned coefficient.</summary>
    Coefficient,
    /// <summary>TDD without it.</summary>
    NoCoefficient,
    /// <summary>TDD with the coefficient, trained without the null condition that guidance needs.</summary>
    NoGuidance,
    /// <summary>Regression on the noise in place of cross-entropy.</summary>
    NoiseRegression,
    /// <summary>Regression on the clean one-hot vector.</summary>
    CleanRegression,
}
