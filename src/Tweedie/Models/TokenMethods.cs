using System.ComponentModel.DataAnnotations;
using Tweedie.Diffusion;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>The methods of predicting tokens: what the options of a model say about them.</summary>
public static class TokenMethods
{
    /// <summary>The diffusion process that a model's options describe.</summary>
    /// <param name="options">The options.</param>
    /// <param name="classes">K, the number of classes or vocabulary entries.</param>
    /// <param name="objective">The training objective.</param>
    /// <exception cref="TweedieException">The objective's log-SNR window holds no timestep of the schedule.</exception>
    public static DiffusionProcess CreateProcess(this ITokenModelOptions options, long classes, ObjectiveOptions? objective = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method switch
        {
            TokenMethod.Mdd => new MaskedDiffusion(objective),
            TokenMethod.Ar => new AutoregressiveProcess(options.Length, objective),
            _ => new OneHotDiffusion(options.Diffusion, objective, code: TokenCode.Of(classes, options.Denoiser.Width, options.Diffusion.Scale)),
        };
    }

    /// <summary>How a model is sampled where nothing else is said.</summary>
    /// <param name="options">The model's options.</param>
    /// <param name="defaults">The defaults of models of its kind, which have a number of steps; a schedule of fewer timesteps takes fewer.</param>
    internal static SamplingOptions SamplingOver(this ITokenModelOptions options, SamplingOptions defaults)
    {
        var fitting = options.Method == TokenMethod.Tdd ? defaults with { Steps = Math.Min(defaults.Steps!.Value, options.Diffusion.Timesteps) } : defaults;
        return options.Sampling?.Over(fitting) ?? fitting;
    }

    /// <summary>What is wrong with the sampling options that a model keeps.</summary>
    internal static IEnumerable<ValidationResult> CheckSampling(SamplingOptions? own)
    {
        if (own is not null && new SamplingOptions().Over(own) != own.Over(new SamplingOptions()))
            yield return new ValidationResult(
                "keeps how a model is sampled; guidanceSchedule, control, draws, choose, stopWhenStable and seed are given when it is used: leave them out",
                [nameof(ITokenModelOptions.Sampling)]);
    }
}
