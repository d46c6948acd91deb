namespace Tweedie.Images;

/// <summary>Files and folders that systems and programs leave among data. They are no data, so they are passed over and not counted.</summary>
internal static class Junk
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found", "__pycache__", "Icon\r",
    };

    /// <summary>Whether a file or folder of this name is no data: a hidden one, such as <c>.DS_Store</c>, <c>._x.jpg</c> and <c>.ipynb_checkpoints</c>, or a known one.</summary>
    public static bool Is(ReadOnlySpan<char> name) => name is ['.', ..] || Names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
}
