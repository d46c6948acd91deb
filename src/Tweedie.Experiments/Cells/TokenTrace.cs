namespace Tweedie.Experiments.Cells;

/// <summary>One token of a sentence on its way from noise: the probabilities of its candidates.</summary>
/// <param name="Kind">Why it was picked.</param>
/// <param name="Item">The image's number in the test set.</param>
/// <param name="Position">The token's place in the sentence, from 0.</param>
/// <param name="Candidates">The words that are most probable at some step, the final one first.</param>
/// <param name="Probabilities">For each step, the candidates' probabilities.</param>
/// <param name="Chosen">For each step, the chosen candidate; −1 where it is another word.</param>
public sealed record TokenTrace(
    TrajectoryKind Kind, int Item, int Position, IReadOnlyList<string> Candidates, IReadOnlyList<IReadOnlyList<double>> Probabilities, IReadOnlyList<int> Chosen);
