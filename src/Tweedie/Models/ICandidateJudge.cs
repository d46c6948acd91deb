using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Says which of several draws is the best answer, where options ask a judge (<see cref="CandidateChoice.Judge"/>).</summary>
public interface ICandidateJudge
{
    /// <summary>Scores a row of each of some items.</summary>
    /// <param name="items">What tells the items apart: the places of images in their source; for a batch that comes from no source, the places in it.</param>
    /// <param name="rows">Shape (items, N), int64.</param>
    /// <returns>A score for each item; the higher, the better.</returns>
    IReadOnlyList<double> Score(IReadOnlyList<int> items, Tensor rows);
}
