using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Tensors;
using Tweedie.Tokens;

namespace Tweedie.Evaluation;

/// <summary>Rows that a model makes from nothing but what is known of them: problems to solve, or new rows.</summary>
public sealed class EvaluatedRows : IEvaluatedItems
{
    private readonly TokenModel _model;
    private readonly IReadOnlyList<int> _indices;
    private readonly Func<IReadOnlyList<int>, TokenConstraint?> _known;

    private EvaluatedRows(TokenModel model, IReadOnlyList<int> indices, Func<IReadOnlyList<int>, TokenConstraint?> known) => (_model, _indices, _known) = (model, indices, known);

    /// <summary>New texts, of which nothing is known.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="count">How many, at least 1.</param>
    public static EvaluatedRows Drawn(TextGenerator generator, int count)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new(generator.Model, Numbers(count), _ => null);
    }

    /// <summary>New rows of a table.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="count">How many, at least 1.</param>
    public static EvaluatedRows Drawn(RowGenerator generator, int count)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new(generator.Model, Numbers(count), _ => null);
    }

    /// <summary>Problems: rows that say which of their tokens are known.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="rows">The rows, with their solutions.</param>
    /// <param name="most">The most rows, spread evenly over all of them.</param>
    /// <exception cref="ArgumentException">The rows say nothing of what is known.</exception>
    public static EvaluatedRows Problems(RowGenerator generator, ITokenRowSource rows, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return Problems(generator.Model, rows, most, problems => generator.Constrain(problems));
    }

    /// <summary>Texts with gaps, as <see cref="TokenGaps"/> makes them.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="rows">The rows, whole.</param>
    /// <param name="most">The most rows, spread evenly over all of them.</param>
    /// <exception cref="ArgumentException">The rows say nothing of what is known.</exception>
    public static EvaluatedRows Problems(TextGenerator generator, ITokenRowSource rows, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return Problems(generator.Model, rows, most, problems => generator.Constrain(problems));
    }

    private static EvaluatedRows Problems(TokenModel model, ITokenRowSource rows, int most, Func<IReadOnlyList<long[]>, TokenConstraint> constrain)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.HasKnown)
            throw new ArgumentException($"'{rows.Name}' has no problems: it does not say which tokens are known.", nameof(rows));
        return new(model, RowTensors.Spread(rows, most), indices => constrain([.. indices.Select(Problem)]));

        long[] Problem(int index)
        {
            var (row, known) = (new long[rows.Length], new bool[rows.Length]);
            rows.Read(epoch: 0, index, row, known);
            return [.. row.Zip(known, (token, isKnown) => isKnown ? token : ITokenRowSource.Missing)];
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => _indices.Count;

    /// <inheritdoc/>
    public IEnumerable<EvaluatedBatch> Chunk(int size)
    {
        foreach (var indices in _indices.Chunk(size))
        {
            using var condition = _model.Unconditional(indices.Length).DetachFromDisposeScope();
            using var known = _known(indices);
            yield return new(condition, indices, known);
        }
    }

    private static int[] Numbers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count)];
    }
}
