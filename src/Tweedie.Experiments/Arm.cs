namespace Tweedie.Experiments;

/// <summary>The trainings that the paper compares. All else is the same for all of them.</summary>
public enum Arm
{
    /// <summary>A linear head on the same encoder: masked diffusion of one token (the paper's MDD).</summary>
    Linear,
    /// <summary>An MLP head on the same encoder, with as many parameters as the head of TDD: depth without diffusion.</summary>
    Mlp,
    /// <summary>
    /// The head of TDD itself, trained at the noisiest timesteps alone, where no label can be read: the same layers, R, condition dropout and number of updates, but no
    /// diffusion.
    /// </summary>
    Blind,
    /// <summary>A linear head on an encoder that is half as wide again and half as deep again, with about 3.4 times as many parameters.</summary>
    LargerLinear,
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
