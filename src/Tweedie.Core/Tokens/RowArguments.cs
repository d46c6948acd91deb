namespace Tweedie.Tokens;

/// <summary>Checks the arguments of <see cref="ITokenRowSource.Read"/>.</summary>
internal static class RowArguments
{
    public static void Check(ITokenRowSource source, long epoch, int index, Span<long> tokens, Span<bool> known)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, source.Count);
        if (tokens.Length != source.Length || known.Length != source.Length)
            throw new ArgumentException($"A row has {source.Length} tokens, and the spans have {tokens.Length} and {known.Length}.");
    }
}
