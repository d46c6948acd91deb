namespace Tweedie.Experiments.Cells;

/// <summary>A piece of work whose result is kept on disk, so that it is done once, whatever tables and figures need it.</summary>
public interface ICell
{
    /// <summary>The kind of work, which the name of its file begins with.</summary>
    string Kind { get; }

    /// <summary>A description in a few words.</summary>
    string Title { get; }

    /// <summary>Everything that decides the result, as text: two cells of the same identity are the same work.</summary>
    string Identity { get; }

    /// <summary>The training whose model it is about; cells of the same model are done one after the other.</summary>
    TrainingCell Model { get; }

    /// <summary>Cells of other models whose results it reads.</summary>
    IEnumerable<ICell> Needs => [];

    /// <summary>Does the work, unless it is finished, and keeps the result.</summary>
    void Finish(CellStore store, CellContext context, CancellationToken cancellation);
}
