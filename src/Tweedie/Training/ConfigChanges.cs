using Tweedie.Configuration;

namespace Tweedie.Training;

/// <summary>Compares the config of a checkpoint with the one that a resume is given.</summary>
internal static class ConfigChanges
{
    /// <summary>What to tell about changes that are let pass; those that change the result are refused unless they are allowed.</summary>
    /// <exception cref="TweedieException">The result would change; the message names every option that would change it.</exception>
    public static IReadOnlyList<string> Check(RunConfig saved, RunConfig given, string checkpoint, bool allowed)
    {
        if (saved.Task != given.Task)
            throw new TweedieException($"{checkpoint}: is a run of another task; start anew in another --out.");
        var differences = OptionDifference.Between(saved, given);
        var harmful = differences.Where(difference => !difference.IsHarmless).ToList();
        if (harmful.Count > 0 && !allowed)
            throw new TweedieException(
                $"{checkpoint}: {string.Join("; ", harmful)}: that would change the result; "
                + "resume with the old values, with --allow-changes, or start anew in another --out.");
        return [.. differences.Select(difference => $"{difference}{(difference.IsHarmless ? "" : ", which changes the result")}")];
    }
}
