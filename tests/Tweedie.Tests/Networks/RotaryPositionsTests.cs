using Tweedie.Networks;
using Tweedie.Tests.Models;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

[Collection(GlobalState.Name)]
public sealed class RotaryPositionsTests
{
    private const int Width = 6;

    [Fact]
    public void Each_pair_of_numbers_is_turned_by_its_place_and_frequency()
    {
        using var scope = NewDisposeScope();
        var turned = RotaryPositions.Create(2, 3, Width, float32, CPU).Apply(ones(1, 1, 3, Width));

        for (var place = 0; place < 3; place++)
            for (var pair = 0; pair < 3; pair++)
            {
                var angle = (2 + place) * Math.Pow(10_000, -2.0 * pair / Width);
                turned[0, 0, place, pair].item<float>().Should().BeApproximately((float)(Math.Cos(angle) - Math.Sin(angle)), 1e-5f);
                turned[0, 0, place, 3 + pair].item<float>().Should().BeApproximately((float)(Math.Cos(angle) + Math.Sin(angle)), 1e-5f);
            }
    }

    [Fact]
    public void Attention_depends_on_distances_and_not_on_places()
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(12, heads: 2);
        TinyNetwork.Randomize(attention);
        var (tokens, seen) = (randn(2, 4, 12), attention.KeysAndValues(randn(2, 3, 12)));
        Tensor At(int place) => attention.Attend(tokens, seen, rotation: RotaryPositions.Create(place, 4, Width, float32, CPU));

        At(7).ShouldBeWithin(1e-4, At(0));
        (At(0) - attention.Attend(tokens, seen)).abs().max().item<float>().Should().BeGreaterThan(1e-2f, "distances count");
        var reversed = attention.Attend(tokens.flip(1), seen, rotation: RotaryPositions.Create(0, 4, Width, float32, CPU)).flip(1);
        (At(0) - reversed).abs().max().item<float>().Should().BeGreaterThan(1e-2f, "left and right differ");
    }

    [Fact]
    public void Heads_of_an_odd_width_are_refused()
    {
        var options = new DenoiserOptions { Width = 12, Heads = 4, Positions = PositionKind.Rotary };

        options.Validate(new(options)).Should().ContainSingle().Which.ErrorMessage.Should()
            .Be("needs heads of an even width, and width 12 over heads 4 is not an even number");
        (options with { Heads = 3 }).Validate(new(options)).Should().BeEmpty();
    }

    [Fact]
    public void Rotary_positions_are_no_weights()
    {
        using var plain = new Denoiser(new() { Width = 12, Depth = 1, Heads = 3 }, classes: 5, tokens: 4, conditionWidth: 6);
        using var rotary = new Denoiser(new() { Width = 12, Depth = 1, Heads = 3, Positions = PositionKind.Rotary }, classes: 5, tokens: 4, conditionWidth: 6);

        rotary.state_dict().Keys.Should().Equal(plain.state_dict().Keys);
    }
}
