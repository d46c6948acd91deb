using Tweedie.Configuration;

namespace Tweedie.Training;

/// <summary>Compares the config of a checkpoint with the one that a resume is given.</summary>
internal static class ConfigChanges
{
    /// <summary>Describes the changes that a resume accepts. Changes that would change the result are refused unless they are allowed.</summary>
    /// <exception cref="TweedieException">The result would change; the message names every option that would change it.</exception>
    public static IReadOnlyList<string> Check(RunConfig saved, RunConfig given, string checkpoint, bool allowed)
    {
        if (saved.Task != given.Task)
            throw TweedieException.Naming($"{checkpoint}: is a run of another task; start anew in another {RunOptions.Run}.");
        var differences = OptionDifference.Between(saved, given);
        var harmful = differences.Where(difference => !difference.IsHarmless).ToList();
        FormattableString wayOut = $"resume with the old values, with {RunOptions.AllowChanges}, or start anew in another {RunOptions.Run}.";
        if (harmful.Count > 0 && !allowed)
            throw TweedieException.Naming($"{checkpoint}: {string.Join("; ", harmful)}: that would change the result; {wayOut}");
        return [.. differences.Select(difference => $"{difference}{(difference.IsHarmless ? "" : ", which changes the result")}")];
    }
}
