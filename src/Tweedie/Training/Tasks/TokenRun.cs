using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>What trainings of models that predict tokens from an image have in common.</summary>
public abstract record TokenRun : RunConfig
{
    /// <summary>
    /// The folder of a trained model or of an imported encoder (<see cref="ImageEncoder.Load"/>): the training begins with its encoder, of whatever size, and
    /// takes over what its input needs: normalisation, <c>cropRatio</c>, <c>fit</c> and <c>interpolation</c>. By default the encoder is trained from scratch.
    /// </summary>
    [ConfigPath]
    public string? EncoderFrom { get; init; }

    /// <summary>Whether the encoder stays as it was loaded.</summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>The model's options with the encoder and the input that the training begins with.</summary>
    /// <exception cref="TweedieException">The folder holds no encoder, or the data options do not fit the channels.</exception>
    private protected TOptions Begin<TOptions>(TOptions model, DataOptions data) where TOptions : TokenModelOptions =>
        EncoderFrom is { } folder && ImageEncoder.ReadOptions(folder) is { } trained
            ? model with
            {
                Encoder = trained.Encoder,
                Mean = trained.Mean,
                Std = trained.Std,
                CropRatio = trained.CropRatio,
                Fit = trained.Fit,
                Interpolation = trained.Interpolation,
            }
            : model.Frozen is null ? ImageTask.Normalize(model, data) : model;

    /// <summary>What does not go together in the options.</summary>
    private protected IEnumerable<ValidationResult> Check(TokenModelOptions model, DataOptions data)
    {
        if (model.Method == TokenMethod.Tdd && Evaluation.Steps.Any(steps => steps > model.Diffusion.Timesteps))
            yield return new ValidationResult(
                $"evaluation.steps = [{string.Join(", ", Evaluation.Steps)}] has more steps than model.diffusion.timesteps = {model.Diffusion.Timesteps}");
        if (FreezeEncoder && EncoderFrom is null)
            yield return new ValidationResult("freezeEncoder = true would keep an untrained encoder: give encoderFrom");
        if (EncoderFrom is not null && model.Frozen is not null)
            yield return new ValidationResult("encoderFrom and model.frozen are two encoders: give one");
        if (EncoderFrom is not null && (data.Mean is not null || data.Std is not null))
            yield return new ValidationResult("data.mean and data.std do not apply to encoderFrom, whose own normalisation is taken over: leave them out");
        foreach (var problem in ImageTask.CheckFrozen(model, data).Concat(ImageTask.CheckDiffusion(model, Training)))
            yield return problem;
    }
}
