using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Turns a text with gaps into what is known of a row of tokens.</summary>
internal static class TemplateConstraint
{
    /// <summary>The constraint of one row; <see cref="TokenTemplate.Row"/> has the other parameters.</summary>
    /// <param name="template">The text.</param>
    /// <param name="length">N.</param>
    /// <param name="classes">K.</param>
    /// <param name="device">Where its tensors are.</param>
    /// <param name="end">The token that ends a text.</param>
    /// <param name="padding">The token behind the end.</param>
    /// <exception cref="TweedieException">The template is longer than the row.</exception>
    public static TokenConstraint Constrain(this TokenTemplate template, int length, long classes, Device device, int? end = null, int? padding = null)
    {
        var row = template.Row(length, end, padding);
        using var scope = NewDisposeScope();
        return TokenConstraint.OfRows([[.. row.Select(id => (long)(id ?? -1))]], length, classes, device, end is { } last ? Allowed(last, padding ?? last) : null);

        Tensor Allowed(long ending, long filler)
        {
            var allowed = ones([length, classes], @bool, device);
            using Scalar no = false;
            foreach (var place in TokenTemplate.GapsInside(row))
                foreach (var entry in new[] { ending, filler })
                    allowed[place].narrow(0, entry, 1).fill_(no);
            return allowed;
        }
    }
}
