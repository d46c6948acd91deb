using Tweedie.Images;

namespace Tweedie.Cli.Commands;

/// <summary>Answers one image after the other. An image that has no answer gets its error, and the others go on.</summary>
internal static class ImageAnswers
{
    /// <summary>An image that has no answer, in JSON.</summary>
    private sealed record Failure(string Image, string Error);

    /// <summary>Answers the images that words name, and prints each answer as soon as it is there.</summary>
    /// <param name="words">Files, folders and patterns.</param>
    /// <param name="answer">Answers an image file.</param>
    /// <param name="print">Prints an answer.</param>
    /// <param name="cancellation">Ends the listing of folders, and is checked before each image.</param>
    /// <returns>For JSON, an entry per image; and the exit code: a failure where an image has no answer.</returns>
    public static (IReadOnlyList<object> Entries, int ExitCode) Of<T>(
        IEnumerable<string> words, Func<string, T> answer, Action<T> print, CancellationToken cancellation) where T : notnull
    {
        var (entries, failures) = (new List<object>(), 0);
        foreach (var path in words.SelectMany(word => Files(word, cancellation)))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (!File.Exists(path))
                    throw new TweedieException(Directory.Exists(path) ? $"'{path}' is a folder without image files."
                        : $"'{path}' cannot be read: {(path.AsSpan().ContainsAny('*', '?') ? "no image file matches." : "there is no such file.")}");
                var answered = answer(path);
                print(answered);
                entries.Add(answered);
            }
            catch (TweedieException exception)
            {
                Console.Error.WriteLine($"error: {exception.Message}");
                entries.Add(new Failure(path, exception.Message));
                failures++;
            }
        }
        if (failures > 0 && entries.Count > 1)
            Console.Error.WriteLine($"{failures} of {entries.Count} images have no answer.");
        return (entries, failures > 0 ? ExitCodes.Failure : ExitCodes.Success);
    }

    // A word that names nothing stays as it is, so that its error stands in its place.
    private static IReadOnlyList<string> Files(string word, CancellationToken cancellation) =>
        word.Length == 0 || ImageFiles.Find(word, cancellation) is not { Count: > 0 } files ? [word] : files;
}
