namespace Tweedie.Configuration;

/// <summary>
/// Marks an option that names a file or a folder. In a config file it is relative to the folder of that file; a change on the command line is relative to the
/// current folder. It is bound as an absolute path.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class ConfigPathAttribute : Attribute
{
    /// <summary>Whether a value is a path. Some options also take other names.</summary>
    public virtual bool IsPath(string value) => true;
}
