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
    /// <summary>
    /// Logits to which the evidence of the token's own state, log p(y_t | y0 = k), is added: the network tells only what the other tokens and the condition say.
    /// </summary>
    Evidence,
}
