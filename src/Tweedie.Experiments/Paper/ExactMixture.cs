using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>
/// Tweedie's identity in a toy whose law is known: one token, whose noisy one-hot vector is a mixture of Gaussians. E[y0 | y_t] from the score of the mixture is
/// compared with the softmax of the optimal denoiser and of a trained one, and with argmax; then whole loops are compared with the law. Needs no network.
/// </summary>
public sealed class ExactMixture : IExperiment
{
    private const int Samples = 20_000;
    private const double Exact = 1e-6;
    private const double Close = 0.02;

    private static readonly double[] Law = [0.6, 0.3, 0.1];
    private static readonly double[] LogSnrs = [-4, -2, 0, 2, 4];
    private static readonly int[] StepCounts = [1, 20, 200];

    /// <inheritdoc/>
    public string Name => "tweedie";

    /// <inheritdoc/>
    public string Title => "Tweedie's identity, where the law is known";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => [];

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context)
    {
        var levels = LogSnrs.Select((logSnr, i) => Level.Measure(logSnr, new SampleRandom(100 + i))).ToList();
        var loops = (from draws in new[] { false, true } from steps in StepCounts select Loop.Run(draws, steps)).ToList();
        var (gap, argmax, drawn) = (levels.Max(level => level.Gap), loops.Where(loop => !loop.Draws).ToList(), loops.Where(loop => loop.Draws).ToList());
        var longest = argmax[^1].Distance;
        return new()
        {
            Name = Name,
            Title = Title,
            Notes =
            [
                $"Computed, not trained but for one column. One token with the law {Words(Law)}. Then y_t = √ᾱ·y0 + √(1−ᾱ)·ε is a mixture of three Gaussians, whose score is known, and Tweedie's formula gives E[y0 | y_t] = (y_t + (1−ᾱ)·∇log p(y_t))/√ᾱ. The score is taken by differences of log p, so that the two sides do not share a formula.",
                "The identity holds for the softmax, which is a mean. Argmax replaces this mean by a corner of the simplex: no formula of Tweedie's says anything about that. It is exact only where the mean is a corner already, at low noise.",
                "In the loops the denoiser is the exact one, so that what is left is the sampler's own doing. Drawing from the softmax and re-noising is exact for one token at any number of steps; argmax and re-noise sharpens, however many steps it takes.",
            ],
            Tables =
            [
                new($"E[y0 | y_t] against what is fed back; root mean square distance over {Samples:N0} states of each level",
                    ["log-SNR", "Tweedie against the exact softmax, largest difference", "a trained softmax", "argmax", "argmax is y0, %", "the softmax's largest entry, %"],
                    [.. levels.Select(level => (IReadOnlyList<string>)
                    [
                        FormattableString.Invariant($"{level.LogSnr:0}"), FormattableString.Invariant($"{level.Gap:0.0e0}"), FormattableString.Invariant($"{level.Trained:F3}"),
                        FormattableString.Invariant($"{level.Argmax:F3}"), FormattableString.Invariant($"{100 * level.Right:F1}"), FormattableString.Invariant($"{100 * level.Largest:F1}"),
                    ])]),
                new($"What loops with the exact denoiser give, cosine schedule; {Samples:N0} samples each; the law is {Words(Law)}",
                    ["feedback", "steps", "shares", "distance to the law (total variation)"],
                    [.. loops.Select(loop => (IReadOnlyList<string>)
                        [loop.Draws ? "draw from the softmax, re-noise" : "argmax, re-noise (the paper)", $"{loop.Steps}", Words(loop.Shares), FormattableString.Invariant($"{loop.Distance:F3}")])]),
            ],
            Findings =
            [
                new("1", gap < Exact ? Verdict.Holds : Verdict.DoesNotHold,
                    FormattableString.Invariant($"the softmax of the optimal denoiser is Tweedie's mean to {gap:0e0}; a trained one is within {levels.Max(level => level.Trained):F3} (root mean square)"),
                    FormattableString.Invariant($"holds if the largest difference is below {Exact:0e0}")),
                new("2", longest < Close ? Verdict.Holds : Verdict.DoesNotHold,
                    FormattableString.Invariant($"with the exact denoiser, argmax and re-noise gives {Words(argmax[^2].Shares)} in {argmax[^2].Steps} steps and {Words(argmax[^1].Shares)} in {argmax[^1].Steps}, where the law is {Words(Law)}; draws give {Words(drawn[^1].Shares)}"),
                    FormattableString.Invariant($"holds if the total variation to the law is below {Close} in {argmax[^1].Steps} steps")),
            ],
        };
    }

    private static string Words(IEnumerable<double> shares) => string.Join(" / ", shares.Select(share => FormattableString.Invariant($"{share:.00}")));

    private static int Draw(IReadOnlyList<double> shares, SampleRandom random)
    {
        var rest = random.NextDouble();
        for (var entry = 0; entry < shares.Count - 1; entry++)
        {
            rest -= shares[entry];
            if (rest < 0)
                return entry;
        }
        return shares.Count - 1;
    }

    private static double[] Softmax(double[] scores)
    {
        var most = scores.Max();
        var shares = Array.ConvertAll(scores, score => Math.Exp(score - most));
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }

    // Noise about a corner of the simplex.
    private static double[] Corrupt(int token, double alphaBar, SampleRandom random) =>
        [.. Law.Select((_, entry) => (entry == token ? Math.Sqrt(alphaBar) : 0) + Math.Sqrt(1 - alphaBar) * random.NextNormal())];

    // The optimal denoiser: the posterior of the token.
    private static double[] Posterior(double[] state, double alphaBar) =>
        Softmax([.. Law.Select((share, entry) => Math.Log(share) + Math.Sqrt(alphaBar) / (1 - alphaBar) * state[entry])]);

    private static int Top(double[] shares) => Array.IndexOf(shares, shares.Max());

    /// <summary>What is found at a level of noise.</summary>
    private sealed record Level(double LogSnr, double Gap, double Trained, double Argmax, double Right, double Largest)
    {
        private const double Difference = 1e-5;

        public static Level Measure(double logSnr, SampleRandom random)
        {
            var alphaBar = 1 / (1 + Math.Exp(-logSnr));
            var trained = TrainedSoftmax.Train(alphaBar, random);
            double gap = 0, trainedSquares = 0, argmaxSquares = 0, right = 0, largest = 0;
            for (var sample = 0; sample < Samples; sample++)
            {
                var token = Draw(Law, random);
                var state = Corrupt(token, alphaBar, random);
                var exact = Posterior(state, alphaBar);
                var chosen = Top(exact);
                gap = Math.Max(gap, exact.Zip(Tweedie(state, alphaBar), (a, b) => Math.Abs(a - b)).Max());
                trainedSquares += exact.Zip(trained.Predict(state), (a, b) => (a - b) * (a - b)).Sum();
                argmaxSquares += exact.Select((share, entry) => Math.Pow(share - (entry == chosen ? 1 : 0), 2)).Sum();
                right += chosen == token ? 1 : 0;
                largest += exact[chosen];
            }
            return new(logSnr, gap, Math.Sqrt(trainedSquares / Samples), Math.Sqrt(argmaxSquares / Samples), right / Samples, largest / Samples);
        }

        // (y + (1−ᾱ)·∇log p(y))/√ᾱ, the gradient by central differences.
        private static double[] Tweedie(double[] state, double alphaBar) => [.. state.Select((value, entry) =>
        {
            double[] up = [.. state], down = [.. state];
            (up[entry], down[entry]) = (value + Difference, value - Difference);
            var slope = (LogDensity(up, alphaBar) - LogDensity(down, alphaBar)) / (2 * Difference);
            return (value + (1 - alphaBar) * slope) / Math.Sqrt(alphaBar);
        })];

        // Up to a constant.
        private static double LogDensity(double[] state, double alphaBar)
        {
            double[] terms = [.. Law.Select((share, token) => Math.Log(share)
                - state.Select((value, entry) => Math.Pow(value - (entry == token ? Math.Sqrt(alphaBar) : 0), 2)).Sum() / (2 * (1 - alphaBar)))];
            var most = terms.Max();
            return most + Math.Log(terms.Sum(term => Math.Exp(term - most)));
        }
    }

    /// <summary>A softmax of a linear layer, trained by cross-entropy on samples alone.</summary>
    private sealed class TrainedSoftmax(double scale)
    {
        private const int Steps = 4000;
        private const int Batch = 32;

        private readonly double[,] _weights = new double[Law.Length, Law.Length];
        private readonly double[] _bias = new double[Law.Length];

        public static TrainedSoftmax Train(double alphaBar, SampleRandom random)
        {
            var model = new TrainedSoftmax(1 / Math.Sqrt(1 - alphaBar));
            for (var step = 0; step < Steps; step++)
                for (var sample = 0; sample < Batch; sample++)
                {
                    var token = Draw(Law, random);
                    model.Learn(Corrupt(token, alphaBar, random), token, rate: 2.0 / Batch * (1 - step / (double)Steps));
                }
            return model;
        }

        public double[] Predict(double[] state) => Softmax([.. _bias.Select((bias, entry) => bias + state.Select((value, input) => _weights[entry, input] * scale * value).Sum())]);

        private void Learn(double[] state, int token, double rate)
        {
            var error = Predict(state);
            error[token]--;
            for (var entry = 0; entry < error.Length; entry++)
            {
                _bias[entry] -= rate * error[entry];
                for (var input = 0; input < state.Length; input++)
                    _weights[entry, input] -= rate * error[entry] * scale * state[input];
            }
        }
    }

    /// <summary>What a loop gives in the end.</summary>
    private sealed record Loop(bool Draws, int Steps, double[] Shares)
    {
        public double Distance => Shares.Zip(Law, (found, share) => Math.Abs(found - share)).Sum() / 2;

        public static Loop Run(bool draws, int steps)
        {
            var plan = SamplingPlan.Uniform(NoiseSchedule.Create(new DiffusionOptions()), steps);
            var (random, counts) = (new SampleRandom(200 + steps), new double[Law.Length]);
            for (var sample = 0; sample < Samples; sample++)
            {
                double[] state = [.. Law.Select(_ => Math.Sqrt(1 - plan[0].AlphaBar) * random.NextNormal())];
                var token = 0;
                for (var step = 0; step < plan.Count; step++)
                {
                    var shares = Posterior(state, plan[step].AlphaBar);
                    token = draws ? Draw(shares, random) : Top(shares);
                    if (step + 1 < plan.Count)
                        state = Corrupt(token, plan[step + 1].AlphaBar, random);
                }
                counts[token]++;
            }
            return new(draws, steps, Array.ConvertAll(counts, count => count / Samples));
        }
    }
}
