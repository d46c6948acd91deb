namespace Tweedie;

/// <summary>What is at fault in a <see cref="TweedieException"/>. It tells a host who has to act: the user or the operator.</summary>
public enum FaultKind
{
    /// <summary>A setting, a config or data that a user gave.</summary>
    Input,
    /// <summary>A model: its folder, its config, or weights that do not fit it.</summary>
    Model,
    /// <summary>A file that cannot be read or written, a lock that another process holds, a full disk, a damaged checkpoint.</summary>
    Storage,
    /// <summary>Memory or processes: the system does not have what the work needs.</summary>
    Resources,
}
