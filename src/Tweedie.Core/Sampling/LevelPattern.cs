namespace Tweedie.Sampling;

/// <summary>The noise levels of a training item whose tokens have levels of their own.</summary>
public enum LevelPattern
{
    /// <summary>A share of the tokens, uniform from item to item, is clean; the others are noisy, most of them close to the noisiest level. So are the states of samplers that commit tokens.</summary>
    Scattered,
    /// <summary>The levels of staggered sampling (<see cref="SamplingOptions.Stagger"/>) at a random time: clean tokens, some on their way, and others at the noisiest level, in random order.</summary>
    Staggered,
    /// <summary>The same in order from the left: a clean beginning, a few tokens on their way, and noise behind them.</summary>
    LeftToRight,
}
