using Microsoft.Extensions.AI;
using Tweedie.Sampling;

namespace Tweedie.Hosting;

/// <summary>
/// What a text looks like after a step of its denoising. Each draft replaces the one before. It is no part of the answer, so <see cref="ChatResponseUpdate.Text"/>
/// does not have it; the last update of a response brings the answer as text.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="step">The step.</param>
public sealed class DraftContent(string text, StepSnapshot step) : AIContent
{
    /// <summary>The text after the step.</summary>
    public string Text { get; } = text;

    /// <summary>The step in plain arrays.</summary>
    public StepSnapshot Step { get; } = step;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
