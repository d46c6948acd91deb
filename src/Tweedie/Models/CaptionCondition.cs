namespace Tweedie.Models;

/// <summary>What a caption's tokens attend to besides themselves.</summary>
public enum CaptionCondition
{
    /// <summary>All tokens of the encoder: the patches and the class tokens.</summary>
    AllTokens,
    /// <summary>The encoder's condition for labels: its class tokens, or the mean of the patches.</summary>
    ClassTokens,
}
