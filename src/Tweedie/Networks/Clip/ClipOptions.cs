using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of a CLIP network. The defaults are OpenAI's ViT-B/32.</summary>
public sealed record ClipOptions
{
    /// <summary>Width of the space that images and texts share.</summary>
    [Range(1, 16384)]
    public int EmbeddingWidth { get; init; } = 512;

    /// <summary>The feed-forward parts' non-linearity, in both towers.</summary>
    public Activation Activation { get; init; } = Activation.QuickGelu;

    /// <summary>The image tower.</summary>
    public ClipImageOptions Image { get; init; } = new();

    /// <summary>The text tower.</summary>
    public ClipTextOptions Text { get; init; } = new();
}
