using System.Buffers;

namespace Tweedie.Images;

/// <summary>
/// For each position of a resized row or column, the first input position it sees and the weights from there on, in 22-bit fixed point:
/// the cubic of Keys (1981) with a = -1/2, or a triangle; widened when shrinking, cut off and renormalised at the border. They lie in rented memory.
/// </summary>
internal readonly struct ResizeWindows : IDisposable
{
    public const int FractionBits = 22;

    private readonly int[] _first;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _capacity;

    /// <summary>The windows of the positions from <paramref name="start"/> on.</summary>
    public ResizeWindows(int inputSize, int outputSize, int start, int count, Interpolation interpolation)
    {
        var (support, kernel) = interpolation == Interpolation.Bilinear ? (1.0, (Func<double, double>)Triangle) : (2.0, Cubic);
        var scale = (double)inputSize / outputSize;
        var stretch = Math.Max(1, scale);
        _capacity = 2 * (int)Math.Ceiling(support * stretch) + 1;
        _first = ArrayPool<int>.Shared.Rent(count);
        _counts = ArrayPool<int>.Shared.Rent(count);
        _weights = ArrayPool<int>.Shared.Rent(count * _capacity);
        Span<double> exact = _capacity <= 256 ? stackalloc double[_capacity] : new double[_capacity];
        Count = count;
        for (var position = 0; position < count; position++)
        {
            var centre = (start + position + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support * stretch + 0.5));
            var taps = Math.Min(inputSize, (int)(centre + support * stretch + 0.5)) - first;
            (_first[position], _counts[position]) = (first, taps);
            var sum = 0.0;
            for (var tap = 0; tap < taps; tap++)
                sum += exact[tap] = kernel((first + tap - centre + 0.5) / stretch);
            for (var tap = 0; tap < taps; tap++)
                _weights[position * _capacity + tap] = ToFixed(exact[tap] / sum);
        }
    }

    /// <summary>Number of positions.</summary>
    public int Count { get; }

    /// <summary>The first input position that a position sees.</summary>
    public int First(int position) => _first[position];

    /// <summary>The weights of the input positions from the first on, which sum to 2^22.</summary>
    public ReadOnlySpan<int> Weights(int position) => _weights.AsSpan(position * _capacity, _counts[position]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_counts);
        ArrayPool<int>.Shared.Return(_weights);
    }

    private static int ToFixed(double weight) => (int)Math.Round(weight * (1 << FractionBits), MidpointRounding.AwayFromZero);

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * a,
            _ => 0,
        };
    }
}
