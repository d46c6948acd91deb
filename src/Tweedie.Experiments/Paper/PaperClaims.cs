namespace Tweedie.Experiments.Paper;

/// <summary>A claim of the paper.</summary>
/// <param name="Number">Its number here.</param>
/// <param name="Statement">What the paper says.</param>
/// <param name="Section">Where it says so.</param>
/// <param name="Evidence">The paper's evidence.</param>
/// <param name="Exhibits">The names of the exhibits that examine it; empty where none does.</param>
/// <param name="Reason">Why no exhibit examines it, or what its exhibits leave open; else null.</param>
public sealed record PaperClaim(string Number, string Statement, string Section, string Evidence, IReadOnlyList<string> Exhibits, string? Reason = null);

/// <summary>All claims of the paper, in its order, with the exhibit that tests each or the reason why there is none.</summary>
public static class PaperClaims
{
    /// <summary>The claims.</summary>
    public static IReadOnlyList<PaperClaim> All { get; } =
    [
        new("1", "Diffusion of one-hot vectors satisfies Tweedie's formula: the softmax of the network estimates the mean of y0 given y_t.", "§1, §3.2", "stated", ["tweedie"]),
        new("2", "Argmax, one-hot and re-noise keep this guarantee, so that samples follow the data's distribution.", "§1, §3.2", "stated", ["tweedie"]),
        new("3", "TDD with the coefficient is more accurate than the linear head (MDD of one token).", "Table 1", "82.8 against 82.3", ["table1"]),
        new("4", "TDD without the coefficient is more accurate than the linear head.", "Table 1", "83.0 against 82.3", ["table1"]),
        new("5", "The gain is that of diffusion: all else is kept identical.", "§4.2.1", "stated; the head's depth is not controlled", ["heads", "figure3"]),
        new("6", "TDD on ViT-B is as accurate as a linear head on an encoder of 3.5 times as many parameters.", "Table 1", "82.8 against ViT-L 82.6, ViT-H 83.1", ["figure3"],
            "Needs trainings from scratch: scale convergence."),
        new("7", "The linear head peaks and overfits, and TDD goes on to gain until it is ahead.", "Fig. 3", "peak at 250 epochs; TDD is best at 500", ["figure3"], "Needs long trainings: scale convergence."),
        new("8", "More sampling steps are more accurate; ten are good and twenty are best.", "Fig. 5", "a figure", ["figure5"]),
        new("9", "Without the coefficient, accuracy is a little higher and iterating gains less.", "Fig. 5, §4.2.2", "a figure", ["figure5"]),
        new("10", "Feeding the choice back refines it: the gain of iterating is that of the feedback.", "§1, §3.2", "no control", ["table1", "variants", "iterating"]),
        new("11", "Cross-entropy is indispensable: regression on the noise fails.", "Table 2, Fig. 4", "82.72 against 0.13", ["table2", "figure4"]),
        new("12", "Classifier-free guidance is essential.", "Table 2", "82.82 against 82.36", ["table2"]),
        new("13", "Training without the coefficient is slightly more accurate than with it.", "Table 2", "82.96 against 82.82", ["table2"]),
        new("14", "Argmax is more accurate than drawing from the softmax.", "Table 2", "82.82 against 82.35", ["table2"]),
        new("15", "The output becomes one-hot over the steps.", "Fig. 6", "a figure", ["figure6"]),
        new("16", "λ-hot labels lower the training loss and bring no accuracy.", "§3.2", "not shown", ["variants"]),
        new("17", "Reusing the features of an image for several timesteps (R) trains better for the same cost of the encoder.", "§3.3", "not shown", ["variants"]),
        new("18", "Averaged weights (EMA) are better than the newest ones.", "A.3", "not shown", ["variants"]),
        new("19", "TDD captions fit their images better than MDD captions.", "Table 3", "0.25 against 0.18", ["table3"]),
        new("20", "TDD captions fit their images much better than captions of other images.", "Table 3", "0.25 against 0.16", ["table3"]),
        new("21", "TDD captions are grammatical and coherent, and MDD captions are broken.", "§4.3, Fig. 7", "examples", ["figure7", "table3"], "Examples and caption scores; grammar itself is not counted."),
        new("22", "TDD captions of ImageNet-1K-VL-Enriched identify objects and scenes.", "Fig. 8", "examples", ["figure8"], "The paper's data set is not at hand: the figure shows captions of the data set of its scale."),
        new("23", "Captions go from fragments over nouns to whole sentences as t falls.", "Fig. 9, B.1", "examples", ["figure9"], "Shown, not counted."),
        new("24", "Single tokens are corrected, stable or contested on their way.", "Fig. 10, B.2", "three tokens", ["figure10"], "Shown by a rule that picks the first token of each kind."),
        new("25", "TDD on ViT-B reaches 82.8 % on ImageNet in 500 epochs.", "Table 1", "82.8", [], "Needs ImageNet and about 800 A100 hours: tweedie reproduce all --scale paper prints the plan and runs it where both are at hand."),
        new("26", "Other discrete diffusions (D3PM, argmax flows, multinomial diffusion) are weaker than MDD.", "§4.1", "cited", [], "A claim about other papers' methods, which are not built here."),
        new("27", "Denoising all tokens in parallel is more efficient than token by token.", "§3.4, §4.3", "stated", [], "The captioners' times and scores beside an autoregressive twin are on the page about samplers."),
    ];
}
