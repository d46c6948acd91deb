namespace Tweedie.Sampling;

/// <summary>What the network's K outputs per token mean.</summary>
public enum PredictionKind
{
    /// <summary>Logits of p(y0 | y_t, c): the paper's method.</summary>
    Logits,
    /// <summary>The noise ε: the regression of the paper's ablation (Table 2, first row).</summary>
    Noise,
    /// <summary>The clean one-hot vector s·y0, by regression.</summary>
    Clean,
}
