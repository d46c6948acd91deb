using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class StabilityTests
{
    private const long End = 9;

    private static bool[] Reached(int patience, long? end, params long[][] steps)
    {
        using var stability = new Stability(patience, end);
        return [.. steps.Select(tokens =>
        {
            using var row = tensor(tokens);
            using var rows = row.view(1, -1);
            return stability.IsReachedBy(rows);
        })];
    }

    [Fact]
    public void It_is_reached_once_the_tokens_stayed_the_same_for_as_many_steps() =>
        Reached(2, end: null, [1, 2], [1, 3], [1, 3], [1, 3], [1, 3], [2, 3]).Should().Equal(false, false, false, true, true, false);

    [Fact]
    public void Tokens_behind_the_end_of_a_sentence_do_not_count()
    {
        Reached(1, End, [1, End, 5], [1, End, 6]).Should().Equal(false, true);
        Reached(1, end: null, [1, End, 5], [1, End, 6]).Should().Equal(false, false);
    }

    [Fact]
    public void A_sentence_that_becomes_longer_or_shorter_has_changed()
    {
        Reached(1, End, [1, End, 5], [1, 5, End]).Should().Equal(false, false);
        Reached(1, End, [1, 5, End], [1, End, 5]).Should().Equal(false, false);
        Reached(1, End, [1, 5, 5], [1, 5, End]).Should().Equal(false, false);
    }
}
