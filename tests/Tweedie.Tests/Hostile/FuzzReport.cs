namespace Tweedie.Tests.Hostile;

/// <summary>What happened to the damaged files of a format.</summary>
/// <param name="Format">The format.</param>
internal sealed record FuzzReport(string Format)
{
    /// <summary>Files tried.</summary>
    public long Tried { get; private init; }

    /// <summary>Files that were read: the damage did no harm, or made another valid file.</summary>
    public long Accepted { get; private init; }

    /// <summary>The most managed bytes that one file allocated.</summary>
    public long Managed { get; private init; }

    /// <summary>The most that resident memory grew by while one file was read.</summary>
    public long Resident { get; private init; }

    public FuzzReport Add(bool accepted, long managed, long resident) => this with
    {
        Tried = Tried + 1,
        Accepted = Accepted + (accepted ? 1 : 0),
        Managed = Math.Max(Managed, managed),
        Resident = Math.Max(Resident, resident),
    };

    public override string ToString() =>
        $"{Format}: {Tried} files tried, {Accepted} read, {Tried - Accepted} refused; at most {Managed >> 10} KiB managed, {Resident >> 10} KiB resident";
}
