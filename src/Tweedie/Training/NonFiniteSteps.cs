using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tweedie.Training;

/// <summary>Records steps that are not finite, and decides whether the training goes on without them.</summary>
internal sealed class NonFiniteSteps(RunFolder run, TrainingOptions options)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes the step down for replay.</summary>
    /// <param name="step">The step.</param>
    /// <param name="skipped">Steps left out before.</param>
    /// <returns>The warning for the user if the step is left out.</returns>
    /// <exception cref="TweedieException">The policy is to stop, or enough steps have been left out; or the record cannot be written.</exception>
    public string Record(NonFiniteStep step, long skipped)
    {
        try
        {
            File.AppendAllText(run.NonFinite, JsonSerializer.Serialize(step, Json) + "\n");
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(run.NonFinite, error);
        }
        var problem = $"{run.Path}: the loss ({step.Loss}) or gradient norm ({step.GradientNorm}) of step {step.Step} is not finite";
        FormattableString lower = $"train in another {RunOptions.Run} with less than training.learningRate = {options.LearningRate}.";
        if (options.NonFinite == NonFinitePolicy.Stop)
        {
            FormattableString skip = $"{RunOptions.Resume} with {RunOptions.Set} training.nonFinite=skip leaves it out";
            throw TweedieException.Naming($"{problem}, its samples are in {Path.GetFileName(run.NonFinite)}; {skip}, or {lower}");
        }
        if (skipped >= options.MaxSkippedSteps)
            throw TweedieException.Naming($"{problem}, after {skipped} others that were left out (training.maxSkippedSteps = {options.MaxSkippedSteps}); {lower}");
        return $"{problem}: left out, {skipped + 1} of at most {options.MaxSkippedSteps}";
    }
}
