using Tweedie.Diffusion;
using Tweedie.Sampling;

namespace Tweedie.Tests.Diffusion;

/// <summary>Options of samplers that do not go together are refused by name.</summary>
public sealed class SamplerOptionTests
{
    public static TheoryData<SamplingOptions, string> Mistakes => new()
    {
        { new() { Steps = 5, Eta = 0.5 }, "*Eta = 0.5*ddim*" },
        { new() { Steps = 5, Churn = 0.5 }, "*Churn = 0.5*ddim and posterior*" },
        { new() { Steps = 5, Revise = true }, "*Revise = true*commit*" },
        { new() { Steps = 5, OpenFollow = true, Sampler = SamplerKind.Ddim }, "*OpenFollow = true*commit*" },
        { new() { Steps = 5, Sampler = SamplerKind.Commit, Soft = true }, "*Soft = true*choose*" },
        { new() { Steps = 5, Sampler = SamplerKind.Commit, Grid = TimestepDistribution.LogSnr }, "*Grid = logSnr*openFollow*" },
        { new() { Steps = 5, Sampler = SamplerKind.Commit, Stagger = 0.5 }, "*Stagger = 0.5*renoise, posterior and ddim*" },
        { new() { Steps = 5, Sampler = SamplerKind.Ddim, Churn = 0.1, Stagger = 0.5 }, "*Stagger = 0.5*churn*" },
        { new() { Steps = 5, StaggerOrder = TokenOrder.LeftToRight }, "*StaggerOrder = leftToRight*nothing is staggered*" },
        { new() { Steps = 5, LogSnrMin = -1 }, "*LogSnrMin = -1*logSnr*" },
        { new() { Steps = 5, Control = true, Sampler = SamplerKind.Ddim }, "*Sampler = ddim*control*" },
        { new() { Steps = 5, LengthBias = 1 }, "*LengthBias = 1*no end*" },
        { new() { Steps = 5, Grid = TimestepDistribution.LogSnr, LogSnrMin = 90, LogSnrMax = 99 }, "*no timestep lies in this window*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Options_that_do_not_go_together_are_refused(SamplingOptions sampling, string message) =>
        FluentActions.Invoking(() => new OneHotDiffusion(new DiffusionOptions()).Reverse(sampling)).Should().Throw<TweedieException>().WithMessage(message);

    [Fact]
    public void Masked_diffusion_refuses_what_only_noisy_states_have() =>
        FluentActions.Invoking(() => new MaskedDiffusion().Reverse(new SamplingOptions { Steps = 5, Sampler = SamplerKind.Ddim }))
            .Should().Throw<TweedieException>().WithMessage("*Sampler = ddim*one-hot diffusion*");
}
