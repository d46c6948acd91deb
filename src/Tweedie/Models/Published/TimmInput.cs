using Tweedie.Configuration;
using Tweedie.Images;

namespace Tweedie.Models;

/// <summary>How images become the input of a timm model, as <c>pretrained_cfg</c> in its <c>config.json</c> describes it.</summary>
internal static class TimmInput
{
    /// <summary>An encoder's options with that input.</summary>
    /// <exception cref="TweedieException">It is not that of the weights, or asks for what our models do not do; the message names the key.</exception>
    public static ImageEncoderOptions Apply(PublishedJson section, ImageEncoderOptions options)
    {
        var size = options.Input;
        if (section.Numbers("input_size") is { } input && !input.SequenceEqual([size.Channels, size.Height, size.Width]))
            throw section.Refused("input_size", $"but the weights have [{size.Channels}, {size.Height}, {size.Width}]");
        var applied = options with
        {
            Mean = section.Numbers("mean") ?? options.Mean,
            Std = section.Numbers("std") ?? options.Std,
            CropRatio = section.Number("crop_pct") ?? options.CropRatio,
            Fit = section.Text("crop_mode") switch
            {
                null or "center" => ImageFit.ShorterSide,
                "squash" => ImageFit.Stretch,
                _ => throw section.Refused("crop_mode", "expected center or squash"),
            },
            Interpolation = section.Text("interpolation") switch
            {
                null or "bicubic" => Interpolation.Bicubic,
                "bilinear" => Interpolation.Bilinear,
                _ => throw section.Refused("interpolation", "expected bicubic or bilinear"),
            },
        };
        if (applied.CropRatio is < 0.1 or > 1)
            throw section.Refused("crop_pct", "expected a number from 0.1 to 1");
        return applied;
    }
}
