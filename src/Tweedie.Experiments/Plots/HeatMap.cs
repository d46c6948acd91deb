using ScottPlot;
using ScottPlot.Colormaps;

namespace Tweedie.Experiments.Plots;

/// <summary>A heat map of numbers from 0 (dark) to 1 (bright), some cells marked with a ring.</summary>
public sealed class HeatMap : IFigure
{
    private const int Margin = 90;
    private const int RowHeight = 34;

    private static readonly Viridis Colors = new();

    private readonly Plot _plot = new();
    private readonly int _height;

    /// <summary>Draws the map.</summary>
    /// <param name="horizontal">What the columns are.</param>
    /// <param name="columns">The columns' labels.</param>
    /// <param name="rows">The rows' labels, from the top.</param>
    /// <param name="values">For each column, a value for each row.</param>
    /// <param name="marked">For each column, the row of its ring; −1 for none.</param>
    /// <param name="vertical">What the rows are.</param>
    /// <param name="upright">Whether every column has its label, upright; else about ten have one.</param>
    public HeatMap(
        string horizontal, IReadOnlyList<string> columns, IReadOnlyList<string> rows, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<int> marked,
        string vertical = "", bool upright = false)
    {
        PlotStyle.Apply(_plot, horizontal, vertical);
        _height = Margin + RowHeight * rows.Count;
        for (var column = 0; column < columns.Count; column++)
            for (var row = 0; row < rows.Count; row++)
            {
                var cell = _plot.Add.Rectangle(column - 0.5, column + 0.5, -row - 0.5, -row + 0.5);
                (cell.FillColor, cell.LineWidth) = (Colors.GetColor(values[column][row]), 0);
            }
        // After all cells: a ring reaches into its neighbours.
        foreach (var (column, row) in marked.Index().Where(mark => mark.Item >= 0))
            Ring(column, -row, bright: values[column][row] > 0.6);
        double[] places = [.. Enumerable.Range(0, columns.Count).Where(column => upright || column % Math.Max(1, columns.Count / 10) == 0).Select(column => (double)column)];
        _plot.Axes.Bottom.SetTicks(places, [.. places.Select(column => columns[(int)column])]);
        if (upright)
        {
            _plot.Axes.Bottom.TickLabelStyle.Rotation = -90;
            _plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            _plot.Axes.Bottom.MinimumSize = LabelSpace(columns);
            _height += LabelSpace(columns);
        }
        _plot.Axes.Left.SetTicks([.. rows.Select((_, row) => (double)-row)], [.. rows]);
        _plot.Axes.SetLimits(-0.5, columns.Count - 0.5, -rows.Count + 0.5, 0.5);
        _plot.HideGrid();
    }

    /// <inheritdoc/>
    public void Save(string folder, string name) => FigureFiles.Save(_plot, folder, name, _height);

    /// <inheritdoc/>
    public void Dispose() => _plot.Dispose();

    private static int LabelSpace(IReadOnlyList<string> labels) => 40 + 8 * Math.Min(30, labels.Select(label => label.Length).DefaultIfEmpty().Max());

    private void Ring(double x, double y, bool bright)
    {
        var ring = _plot.Add.Marker(x, y, MarkerShape.OpenCircle, size: 9, bright ? ScottPlot.Colors.Black : ScottPlot.Colors.White);
        ring.LineWidth = 2;
    }
}
