using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>The <c>data</c> section of a configuration.</summary>
public sealed record DataOptions
{
    /// <summary>The training data: a folder, a file or generated data, such as <c>shapes:…</c> and <c>scenes:…</c> (<see cref="ImageSources.Open"/>).</summary>
    [Required, DataPath]
    public string Train { get; init; } = "";

    /// <summary>The test data; by default the test split of <see cref="Train"/>, where it has one. Training does not use them.</summary>
    [ChangeableOnResume, DataPath]
    public string? Test { get; init; }

    /// <summary>The column of Parquet files that holds the images; by default it is found by its name, such as image or img.</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of Parquet files that holds the labels; by default it is found by its name, such as label, labels or fine_label.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The column of Parquet files that holds the captions; by default it is found by its name, such as caption_enriched, caption or text.</summary>
    public string? CaptionColumn { get; init; }

    /// <summary>
    /// Images to hold out for choosing between models (<see cref="Images.Holdout"/>): training images that are set aside, or images of the part that
    /// <see cref="HoldoutFrom"/> names.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Holdout { get; init; }

    /// <summary>
    /// Where the held-out images come from. With validation, they are the validation part that <see cref="Train"/> has beside a test part: all of it, or as many
    /// images as <see cref="Holdout"/> says, drawn with the class shares of the whole. The model then learns from all training images.
    /// </summary>
    public HoldoutSource HoldoutFrom { get; init; } = HoldoutSource.Train;

    /// <summary>Train on at most this many images, drawn with the class shares of the whole.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>Threads that decode and augment in the background; 0 does it in the training thread.</summary>
    [Range(0, 256), ChangeableOnResume]
    public int Workers { get; init; } = 1;

    /// <summary>
    /// The share of the images, rounded up, that may be unreadable in an epoch, or without a label where one is needed. Training warns of
    /// each, puts another image in its place, and stops if there are more than this or 20 in a row. Evaluation during training leaves them out.
    /// 0 stops at the first.
    /// </summary>
    [Range(0, 1)]
    [ChangeableOnResume]
    public double MaxBadShare { get; init; } = 0.01;

    /// <summary>
    /// With a frozen encoder (<c>model.frozen</c>), the views of each training image whose features are kept; see <see cref="FeatureOptions.Views"/>. They take
    /// the place of <see cref="Augment"/>.
    /// </summary>
    [Range(1, 64)]
    public int Views { get; init; } = 1;

    /// <summary>The folder of the features of frozen encoders, which all runs can share; by default <c>tweedie/features</c> in the user's cache folder.</summary>
    [ChangeableOnResume, ConfigPath]
    public string? FeatureCache { get; init; }

    /// <summary>Random changes to training images.</summary>
    [Required]
    public AugmentOptions Augment { get; init; } = new();

    /// <summary>Mean of each channel on the scale 0..1, subtracted from the pixels; by default 0.5.</summary>
    public IList<double>? Mean { get; init; }

    /// <summary>Standard deviation of each channel on the scale 0..1, by which the pixels are divided; by default 0.5.</summary>
    public IList<double>? Std { get; init; }

    /// <summary>The options with which the data are opened.</summary>
    /// <param name="channels">What image files decode to: 3 (sRGB) or 1 (grey).</param>
    public ImageSourceOptions Opening(int channels = 3) => new()
    {
        Channels = channels,
        ImageColumn = ImageColumn,
        LabelColumn = LabelColumn,
        CaptionColumn = CaptionColumn,
        UsesValidation = HoldoutFrom == HoldoutSource.Validation,
    };
}
