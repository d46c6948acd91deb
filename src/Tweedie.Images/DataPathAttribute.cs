using System.Text.RegularExpressions;
using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>Marks an option that names data: a file or a folder, or generated data by a name and settings.</summary>
public sealed partial class DataPathAttribute : ConfigPathAttribute
{
    /// <inheritdoc/>
    public override bool IsPath(string value) => !Settings().IsMatch(value) && !ImageSources.IsGenerated(value) && !CaptionSources.IsGenerated(value) && !TokenTables.IsGenerated(value);

    // A name as generated data have it, and a colon.
    [GeneratedRegex("^[a-z][a-z0-9-]+:")]
    private static partial Regex Settings();
}
