namespace Tweedie.Tokens;

/// <summary>
/// Rows of a fixed number of tokens: what a model of tokens learns from and is measured on. Windows of a text (<see cref="TokenWindows"/>), tables
/// (<see cref="TokenTable"/>) and generated data are such rows. Reading is thread-safe, and a pure function of epoch and index.
/// </summary>
public interface ITokenRowSource
{
    /// <summary>The id of a token that the data do not tell: the empty cell of a table. It is neither known nor a target.</summary>
    const long Missing = -1;

    /// <summary>What the user calls the data, for messages.</summary>
    string Name { get; }

    /// <summary>The number of rows in an epoch.</summary>
    int Count { get; }

    /// <summary>The number of tokens per row, N.</summary>
    int Length { get; }

    /// <summary>The number of vocabulary entries K; ids lie in [0, K). Positions with a vocabulary of their own may have fewer.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Whether rows are problems with solutions, and so say which of their tokens are known and which are to be filled in. Where they do not, no token is marked
    /// as known, and a training chooses by itself.
    /// </summary>
    bool HasKnown => false;

    /// <summary>What is left out, or read in a way that the user should know of, one sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Reads a row.</summary>
    /// <param name="epoch">The epoch, from 0. Only data that are drawn anew in each epoch depend on it.</param>
    /// <param name="index">The row, from 0 to <see cref="Count"/> − 1.</param>
    /// <param name="tokens">Receives the ids; it is as long as a row. An id may be <see cref="Missing"/>.</param>
    /// <param name="known">Receives which tokens the problem gives; it is as long as a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch or the index is out of range.</exception>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="TweedieException">The data cannot be read.</exception>
    void Read(long epoch, int index, Span<long> tokens, Span<bool> known);
}
