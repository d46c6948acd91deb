using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Autoregressive sampling: each step decides one token of every row by the to-one rule, greedily or by a draw. It stops when all rows have ended. In the steps'
/// scores, places behind the step's and behind the end of a row mean nothing.
/// </summary>
/// <param name="toOne">The to-one rule.</param>
/// <param name="guidance">The guidance scale.</param>
/// <param name="end">The token that ends a row; null where rows have no end.</param>
internal sealed class TokenByToken(IToOne toOne, Guidance guidance, long? end) : IReverseProcess
{
    /// <inheritdoc/>
    public IEnumerable<DenoisingStep> Run(IDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(noise);
        constraint?.CheckFits(denoiser.Items, denoiser.Tokens);
        return Steps(Causal(denoiser), noise, constraint, cancellation);
    }

    /// <summary>A denoiser as one in which rows can be written token by token.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static ICausalDenoiser Causal(IDenoiser denoiser) => denoiser as ICausalDenoiser
        ?? throw new ArgumentException("An autoregressive model needs a denoiser whose tokens see only those before them.", nameof(denoiser));

    private IEnumerable<DenoisingStep> Steps(ICausalDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint, CancellationToken cancellation)
    {
        var count = (int)denoiser.Tokens;
        using var pass = denoiser.Begin();
        using var rows = new PartialRows(pass.Rows, count, end, noise.Device, constraint);
        for (var position = 0; position < count; position++)
        {
            cancellation.ThrowIfCancellationRequested();
            Decide(pass, rows, position, guidance.ScaleAt(position, count), noise.ForStep(position));
            var isLast = position + 1 == count || HaveAllEnded(rows);
            using var shown = rows.Show(position, isLast);
            yield return shown.Step;

            if (isLast)
                yield break;
        }
    }

    private void Decide(ICausalPass pass, PartialRows rows, int position, double scale, INoiseSource noise)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var scores = rows.Keep(position, pass.Next(rows.Tokens, position, scale));
        rows.Decide(position, toOne.Choose(scores, noise).squeeze(1));
    }

    private static bool HaveAllEnded(PartialRows rows)
    {
        using var all = Unscoped.Compute(rows.HaveEnded.all);
        return all.item<bool>();
    }
}
