using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>Times normal numbers in one thread: ours, which depend only on their seed and index, against libtorch's generator.</summary>
internal static class NormalBenchmark
{
    private const int Numbers = 1 << 20;
    private const int Repeats = 10;
    private const int Tokens = 24 * 512; // an embedded caption: the noise of one item in one step

    public static void Run()
    {
        set_num_threads(1);
        using var generator = new Generator(1);
        using var many = empty([Numbers]);
        using var manyDoubles = empty([Numbers], float64);
        using var item = empty([Tokens]);
        var (floats, doubles) = (new float[Numbers], new double[Numbers]);
        var noise = new CounterNoise(1, 0, 0);

        Contest.Run($"{Repeats} × {Numbers:N0} normal numbers, float32", rounds: 41,
            ("torch.randn", Repeat(Repeats, _ => many.normal_(0, 1, generator))),
            ("CounterNoise", Repeat(Repeats, i => noise.FillNormal(floats, (long)i * Numbers))));
        Contest.Run($"{Repeats} × {Numbers:N0} normal numbers, float64", rounds: 41,
            ("torch.randn", Repeat(Repeats, _ => manyDoubles.normal_(0, 1, generator))),
            ("CounterNoise", Repeat(Repeats, i => noise.FillNormal(doubles, (long)i * Numbers))));
        Contest.Run($"{Repeats} × {Numbers:N0} uniform numbers, float64", rounds: 41,
            ("torch.rand", Repeat(Repeats, _ => manyDoubles.uniform_(0, 1, generator))),
            ("CounterNoise", Repeat(Repeats, i => noise.FillUniform(doubles, (long)i * Numbers))));
        Contest.Run($"800 items of {Tokens:N0} normal numbers, float32", rounds: 41,
            ("torch.randn, one generator", Repeat(800, _ => item.normal_(0, 1, generator))),
            ("CounterNoise, a seed per item", Repeat(800, i => new CounterNoise(i, 0, 0).FillNormal(floats.AsSpan(0, Tokens)))));
    }

    private static Action Repeat(int times, Action<int> work) => () =>
    {
        for (var i = 0; i < times; i++)
            work(i);
    };
}
