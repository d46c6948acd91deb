namespace Tweedie.Sampling;

/// <summary>How the noise levels of an estimate of the likelihood are drawn.</summary>
public enum LevelProposal
{
    /// <summary>Most of them where tokens are undecided, as far as the noise alone tells: the estimate varies least.</summary>
    Importance,
    /// <summary>Uniform in the log-SNR; in the discrete form, uniform over the steps.</summary>
    Uniform,
}
