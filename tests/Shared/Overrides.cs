using Tweedie.Configuration;

namespace Tweedie.Tests;

/// <summary>Changes options as <c>--set</c> does, so that a test's cases are short text.</summary>
internal static class Overrides
{
    /// <summary>The options with values such as <c>training.epochs=3</c> changed.</summary>
    public static T Set<T>(this T options, params string[] assignments) where T : class
    {
        var document = ConfigDocument.Parse(ConfigWriter.ToYaml(options), "test");
        foreach (var assignment in assignments)
            document.Set(assignment);
        return document.Bind<T>();
    }
}
