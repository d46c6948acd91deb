using Tweedie.Configuration;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;
using static TorchSharp.torch;

namespace Tweedie.Web.Models;

/// <summary>How likely texts, captions and rows are to a model.</summary>
internal static class LikelihoodScores
{
    private const int Repeats = 4; // estimates from other noise each, whose spread tells the error

    /// <summary>The texts of a request.</summary>
    public static IReadOnlyList<string> TextsOf(ScoreRequest request, RequestLimits limits)
    {
        if (request.Texts is not { Count: > 0 } texts)
            throw WebProblem.Refused("texts: must be given, a list of texts.");
        WebProblem.Limit("texts", texts.Count, limits.Count);
        foreach (var (number, text) in texts.Index())
            WebProblem.Limit($"texts[{number}] (characters)", (text ?? throw WebProblem.Refused($"texts[{number}]: is null; give a text.")).Length, limits.Characters);
        return texts;
    }

    /// <summary>Captions given an image: each is a whole row with its end.</summary>
    public static ScoringPlan OfCaptions(TokenModel model, ITokenizer tokenizer, Tensor image, IReadOnlyList<string> captions, ScoreRequest request)
    {
        var length = (int)model.Network.Denoiser.Tokens;
        try
        {
            long[][] rows = [.. captions.Select((caption, number) =>
            {
                var ids = TokenTemplate.Known(caption, tokenizer);
                return ids.Count < length ? Array.ConvertAll(tokenizer.EncodeRow(caption, length, withStart: false), id => (long)id)
                    : throw WebProblem.Refused($"texts[{number}]: has {ids.Count} tokens, and a caption at most {length - 1}; shorten it.");
            })];
            return Plan(model, image, rows, new int[rows.Length], request, nats => [.. nats.Select((estimates, number) =>
                Result(model, request, [.. estimates.Select(tokens => tokens.Sum())], Array.IndexOf(rows[number], tokenizer.Special.End) + 1, captions[number].Length))]);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Texts, as windows of N tokens side by side. The last window reaches back to the end of the text, and what the window before it has counted is known in it. A text that
    /// is shorter than a window has a likelihood only where each token is predicted from those before it.
    /// </summary>
    public static ScoringPlan OfTexts(TokenModel model, ITokenizer tokenizer, IReadOnlyList<string> texts, ScoreRequest request)
    {
        var length = (int)model.Network.Denoiser.Tokens;
        var isExact = model.Process is Diffusion.AutoregressiveProcess;
        var (rows, known, ofText, counts) = (new List<long[]>(), new List<int>(), new List<int>(), new List<int>());
        foreach (var (number, text) in texts.Index())
        {
            long[] ids = [.. TokenTemplate.Known(text, tokenizer).Select(id => (long)id)];
            if (ids.Length == 0)
                throw WebProblem.Refused($"texts[{number}]: is empty.");
            if (ids.Length < length && !isExact)
                throw WebProblem.Refused($"texts[{number}]: has {ids.Length} tokens; the model measures windows of {length}, so give a text of at least {length} tokens.");
            counts.Add(ids.Length);
            for (var start = 0; start < ids.Length; start += length)
            {
                var first = Math.Max(0, Math.Min(start, ids.Length - length));
                rows.Add([.. ids[first..Math.Min(first + length, ids.Length)], .. new long[Math.Max(0, length - ids.Length)]]);
                known.Add(start - first);
                ofText.Add(number);
            }
        }
        return Plan(model, null, rows, known, request, nats => [.. texts.Select((text, number) =>
        {
            var own = Enumerable.Range(0, rows.Count).Where(row => ofText[row] == number).ToList();
            var repeats = nats[own[0]].Count;
            double[] sums = [.. Enumerable.Range(0, repeats).Select(repeat => own.Sum(row => nats[row][repeat].Take(counts[number]).Sum()))];
            return Result(model, request, sums, counts[number], text.Length);
        })]);
    }

    /// <summary>Whole rows.</summary>
    public static ScoringPlan OfRows(TokenModel model, IReadOnlyList<long[]> rows, ScoreRequest request) =>
        Plan(model, null, rows, new int[rows.Count], request, nats => [.. nats.Select(estimates => Result(model, request, [.. estimates.Select(tokens => tokens.Sum())], rows[0].Length, null))]);

    private static ScoringPlan Plan(TokenModel model, Tensor? image, IReadOnlyList<long[]> rows, IReadOnlyList<int> known, ScoreRequest request,
        Func<IReadOnlyList<IReadOnlyList<double[]>>, IReadOnlyList<object>> render)
    {
        WebProblem.AtLeast("draws", request.Draws, 1);
        WebProblem.Limit("draws", request.Draws, 1024);
        WebProblem.AtLeast("steps", request.Steps, 1);
        var options = new LikelihoodOptions { Steps = request.Steps, Seed = request.Seed, Draws = request.Draws };
        OptionsValidator.ValidateMembers(options, "score");
        var isExact = model.Process.Bound(options).Draws == 0; // refuses what the model cannot do
        var (repeats, draws) = isExact ? (1, (int?)null) : (Math.Min(Repeats, request.Draws ?? Repeats), (int?)Math.Max(1, (request.Draws ?? LikelihoodOptions.DefaultDraws) / Repeats));
        return new(image, rows, known, options with { Draws = draws }, repeats, render);
    }

    private static ScoreResult Result(TokenModel model, ScoreRequest request, double[] estimates, int tokens, int? characters)
    {
        var (mean, error) = RatioOfSums.Of(estimates, Array.ConvertAll(estimates, _ => 1.0));
        return new(mean, tokens, mean / tokens, characters is > 0 and var length ? mean / Math.Log(2) / length : null, error ?? 0, model.Process is not Diffusion.AutoregressiveProcess);
    }
}
