namespace Tweedie.Training;

/// <summary>Compares the config of a checkpoint with the one given on resume.</summary>
internal static class ConfigDifference
{
    /// <summary>Refuses to resume when the two differ, naming the first difference.</summary>
    public static void Refuse(string saved, string given, string checkpoint)
    {
        var (savedLines, givenLines) = (saved.Split('\n'), given.Split('\n'));
        for (var i = 0; i < Math.Max(savedLines.Length, givenLines.Length); i++)
        {
            var (before, now) = (savedLines.ElementAtOrDefault(i)?.Trim() ?? "", givenLines.ElementAtOrDefault(i)?.Trim() ?? "");
            if (before != now)
                throw new TweedieException(
                    $"{checkpoint}: the checkpoint was made with \"{before}\", the config now says \"{now}\"; resume with the old value or start anew in another --out.");
        }
    }
}
