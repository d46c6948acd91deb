using System.Text.Json;
using Tweedie.Diffusion;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Masked;

/// <summary>Parity with MDLM's own code: <c>../shared/fixtures/mdm-reference</c>.</summary>
public sealed class MaskedReferenceTests : IDisposable
{
    private const double ProbabilityTolerance = 1e-6;

    private readonly JsonElement _config = Shared.Json("fixtures/mdm-reference/config.json");
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _inputs = SafeTensors.Load(Shared.Path("fixtures/mdm-reference/inputs.safetensors"));
    private readonly Dictionary<string, Tensor> _outputs = SafeTensors.Load(Shared.Path("fixtures/mdm-reference/outputs.safetensors"));

    private long Mask => _config.GetProperty("mask_id").GetInt64(); // the last entry

    private double Number(string part, string key) => _config.GetProperty(part).GetProperty(key).GetDouble();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Times_are_those_of_the_antithetic_sampler() =>
        LogLinearMasking.Times(_inputs["antithetic.uniforms"]).ShouldBeWithin(1e-6, _outputs["antithetic.t"]);

    [Fact]
    public void The_same_tokens_are_hidden()
    {
        var hidden = LogLinearMasking.Hidden(_inputs["mask_uniforms"], _inputs["t"].unsqueeze(1));

        where(hidden, zeros_like(_inputs["x0"]).Fill(Mask), _inputs["x0"]).ShouldEqual(_outputs["xt"]);
    }

    [Fact]
    public void The_loss_of_each_token_is_the_same()
    {
        var losses = TokenLosses();

        (losses - _outputs["loss_per_token"]).abs().max().item<float>()
            .Should().BeLessThanOrEqualTo(1e-5f * _outputs["loss_per_token"].max().item<float>());
        losses.mean().item<float>().Should().BeApproximately(_outputs["loss_full_mean"].item<float>(), 1e-5f * _outputs["loss_full_mean"].item<float>());
        var kept = _inputs["attention_mask"];
        ((losses * kept).sum() / kept.sum()).item<float>()
            .Should().BeApproximately(_outputs["loss_masked_mean"].item<float>(), 1e-5f * _outputs["loss_masked_mean"].item<float>());
    }

    [Fact]
    public void An_ancestral_step_draws_the_same_tokens() =>
        MaskedAncestral.Reveal(_inputs["step.x"], Probabilities(_inputs["step.x"]), Mask, time: Number("step", "t"), nextTime: Number("step", "t") - Number("step", "dt"), _inputs["step.uniforms"])
            .ShouldEqual(_outputs["step.ddpm_cache"]);

    [Fact]
    public void An_ancestral_loop_draws_the_same_tokens_at_every_step()
    {
        var (steps, last) = ((int)Number("loop", "steps"), Number("loop", "eps"));
        var tokens = zeros_like(_inputs["x0"]).Fill(Mask);
        for (var step = 0; step < steps; step++)
        {
            var (time, next) = (1 + (last - 1) * step / steps, 1 + (last - 1) * (step + 1) / steps);
            tokens = MaskedAncestral.Reveal(tokens, Probabilities(tokens), Mask, time, next, _inputs["loop.uniforms"][step]);
            tokens.ShouldEqual(_outputs["loop.samples"][step]);
        }
        where(tokens.Is(Mask), Probabilities(tokens).argmax(-1), tokens).ShouldEqual(_outputs["loop.final"]);
    }

    [Fact]
    public void No_probability_goes_to_the_mask()
    {
        var expected = _outputs["log_p"].exp();
        var hidden = _outputs["xt"].Is(Mask).unsqueeze(-1);

        where(hidden, nn.functional.softmax(Entries(_inputs["logits"]), -1), Entries(expected)).ShouldBeWithin(ProbabilityTolerance, Entries(expected));
        expected.narrow(-1, Mask, 1).max().item<float>().Should().Be(0);
    }

    private Tensor TokenLosses()
    {
        var hidden = _outputs["xt"].Is(Mask);
        var losses = zeros_like(_outputs["loss_per_token"]);
        foreach (var (item, position) in from item in Enumerable.Range(0, (int)hidden.shape[0]) from position in Enumerable.Range(0, (int)hidden.shape[1]) select (item, position))
            if (hidden[item, position].item<bool>())
                losses[item, position] = new MaskedDiffusion().Loss(
                    new Logits(Entries(_inputs["logits"])[item, position].view(1, 1, -1), eye(Mask), zeros(Mask)),
                    _inputs["x0"][item, position].view(1, 1),
                    new Corruption(new MaskedSpace(zeros(1, Mask)), _outputs["xt"][item, position].view(1, 1), new NoiseLevels(_inputs["t"][item].to(float64).view(1, 1).SubtractedFrom(1), zeros(1, 1))));
        return losses;
    }

    // The fixture's network: (mean over positions of E[x] + E[x]) U + P.
    private Tensor Probabilities(Tensor tokens)
    {
        var embedded = _inputs["backbone.E"].index_select(0, tokens.flatten()).view([.. tokens.shape, -1]);
        var logits = embedded.mean([1], keepdim: true).Plus(embedded).matmul(_inputs["backbone.U"]).Plus(_inputs["backbone.P"]);
        return nn.functional.softmax(Entries(logits), -1);
    }

    // The same tensor without the column of the mask.
    private Tensor Entries(Tensor scores) => scores.narrow(-1, 0, Mask);
}
