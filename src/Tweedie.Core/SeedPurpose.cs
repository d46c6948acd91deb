namespace Tweedie;

/// <summary>What a derived seed is for; keeps the random streams of one run apart.</summary>
public enum SeedPurpose
{
    /// <summary>Initial weights.</summary>
    Initialize = 1,
    /// <summary>Which training items are held out for choosing between models.</summary>
    Holdout = 2,
    /// <summary>The order of the items in an epoch, and where its windows of a text begin.</summary>
    Shuffle = 3,
    /// <summary>The augmentation of one item in one epoch.</summary>
    Augment = 4,
    /// <summary>Timesteps, noise and dropout of one training step.</summary>
    TrainingStep = 5,
    /// <summary>Noise and draws of the reverse process.</summary>
    Sample = 6,
    /// <summary>Generated data.</summary>
    Generate = 7,
    /// <summary>Which image takes the place of one that cannot be read.</summary>
    Replace = 8,
    /// <summary>Which of an image's captions an epoch uses.</summary>
    Caption = 9,
    /// <summary>Timesteps and noise of the validation loss.</summary>
    Validate = 10,
    /// <summary>Levels and noise of an estimate of the likelihood.</summary>
    Likelihood = 11,
}
