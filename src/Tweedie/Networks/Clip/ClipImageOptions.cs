namespace Tweedie.Networks;

/// <summary>The size of CLIP's image tower. The defaults are OpenAI's ViT-B/32.</summary>
public sealed record ClipImageOptions : ImageTransformerOptions
{
    /// <summary>Patches of 32 pixels.</summary>
    public ClipImageOptions() => PatchSize = 32;
}
