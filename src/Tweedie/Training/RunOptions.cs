namespace Tweedie.Training;

/// <summary>The options of a training that its messages name as the way out.</summary>
internal static class RunOptions
{
    /// <summary>Continues from the newest checkpoint.</summary>
    public static readonly OptionName Resume = new("resume", "resume: true");

    /// <summary>Lets a resume have a config that changes the result.</summary>
    public static readonly OptionName AllowChanges = new("allowChanges", "allowChanges: true");

    /// <summary>The folder of the run.</summary>
    public static readonly OptionName Run = new("run", "folder");

    /// <summary>Sets one value of the config.</summary>
    public static readonly OptionName Set = new("set", "the setting");
}
