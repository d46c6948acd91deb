namespace Tweedie.Storage;

/// <summary>The steps of an atomic write of a file or a folder, each of which can fail with the exceptions of <see cref="File"/> and <see cref="Directory"/>.</summary>
public interface IFileOperations
{
    /// <summary>Creates a new file for writing.</summary>
    Stream Create(string path);

    /// <summary>Waits until all that was written has reached the disk.</summary>
    void Flush(Stream stream);

    /// <summary>Renames a file over another in the same folder, in one step.</summary>
    void Replace(string source, string target);

    /// <summary>Asks for a rename in the folder to reach the disk, where the system can do so.</summary>
    void FlushFolder(string folder);

    /// <summary>Deletes a file if it exists.</summary>
    void Delete(string path);

    /// <summary>Creates a folder and those above it, where they do not exist.</summary>
    void CreateFolder(string path);

    /// <summary>Renames a folder, in one step; no folder may have the new name yet.</summary>
    void MoveFolder(string source, string target);

    /// <summary>Deletes a folder with all that is in it.</summary>
    void DeleteFolder(string path);
}
