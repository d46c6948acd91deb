namespace Tweedie.Tokens;

/// <summary>A token of a table in two bytes: its id, or that it is missing, and whether it is known.</summary>
internal static class TableToken
{
    private const ushort KnownBit = 0x8000;

    /// <summary>A token that is not there.</summary>
    public const ushort Missing = 0x7FFF;

    public static ushort Pack(int id, bool known) => (ushort)(known ? id | KnownBit : id);

    public static (long Id, bool IsKnown) Unpack(ushort token) => token == Missing ? (ITokenRowSource.Missing, false) : (token & ~KnownBit, (token & KnownBit) != 0);

    /// <summary>The token with the new id of its old one.</summary>
    public static ushort Renumber(ushort token, int[] newIds) => token == Missing ? Missing : Pack(newIds[token & ~KnownBit], (token & KnownBit) != 0);
}
