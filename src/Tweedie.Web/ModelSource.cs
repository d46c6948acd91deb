using System.Text.RegularExpressions;

namespace Tweedie.Web;

/// <summary>A model of a server: where it is, and what it is called.</summary>
public sealed partial record ModelSource
{
    /// <summary>Names a model.</summary>
    /// <param name="folder">Its folder, that of its training, or a checkpoint.</param>
    /// <param name="name">Its name; null takes that of the folder, or of the training.</param>
    /// <exception cref="TweedieException">The name has other characters than letters, digits, dots, dashes and underscores, or is too long.</exception>
    public ModelSource(string folder, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (Folder, Name) = (folder, name ?? NameOf(folder));
        if (!Allowed().IsMatch(Name))
            throw new TweedieException($"'{OneLine.Of(Name)}' cannot be the name of a model: it takes 1 to 64 letters, digits, dots, dashes and underscores; give another one, as NAME=DIR.");
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The name, by which requests find the model.</summary>
    public string Name { get; }

    // runs/photos/model and runs/photos are both called photos.
    private static string NameOf(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(full);
        return name == "model" && Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } training ? training : name;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Allowed();
}
