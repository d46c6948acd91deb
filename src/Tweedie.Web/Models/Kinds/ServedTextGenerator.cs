using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Tokens;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Models;

/// <summary>A text generator.</summary>
internal sealed class ServedTextGenerator(TextGenerator generator, TweedieWebOptions options) : ServedKind(options.Limits)
{
    public override string Name => "text";

    public override TokenModel Model => generator.Model;

    public override ITokenModelOptions Options => generator.Options;

    public override int Entries => generator.Tokenizer.VocabularySize;

    public override IReadOnlyList<string> Tasks => ["generate", "fill", "score"];

    public override ModelDescription Describe(ModelDescription common) => common;

    public override Plan Generate(GenerateRequest request)
    {
        var (prompt, room, count) = (request.Prompt ?? "", generator.Options.Tokens, Count(request.Count));
        CheckLength("prompt", prompt);
        WebProblem.AtLeast("length", request.Length, 1);
        WebProblem.Limit("length", request.Length, Limits.Length);
        var sampling = Resolve(request.Sampling);
        var (begin, top) = (LongText.Prompt(prompt, generator.Tokenizer, room), Top(request.Top, 0, 0));
        if (request.Length is { } length && length > room)
            return new([], sampling, top, _ => throw new NotSupportedException()) { Long = Write(prompt, length, count, sampling) };
        return new(Items(count, sampling.Seed, _ => Row(begin)), sampling, top, denoised => Result(denoised, request.Length ?? room));
    }

    public override Plan Fill(FillRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("rows", request.Rows is not null, "give a template");
        Refuse("images", images.Count > 0, "it takes no images; leave them out");
        var text = request.Template ?? throw WebProblem.Refused("template: must be given, such as \"The [____] of the king\".");
        CheckLength("template", text);
        var sampling = Resolve(request.Sampling);
        var template = TokenTemplate.Parse(text, generator.Tokenizer);
        var row = generator.Row(template);
        return new(Items(Count(request.Count), sampling.Seed, _ => row.All(id => id < 0) ? null : row), sampling, Top(request.Top, 0, 0),
            denoised => Result(denoised, template.GoesOn ? generator.Options.Tokens : template.Places.Count));
    }

    public override ScoringPlan Score(ScoreRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("rows", request.Rows is not null, "give texts");
        Refuse("images", images.Count > 0, "it takes no images; leave them out");
        return LikelihoodScores.OfTexts(Model, generator.Tokenizer, LikelihoodScores.TextsOf(request, Limits), request);
    }

    public override TokenConstraint Constrain(IReadOnlyList<long[]> rows) => generator.Constrain(rows);

    public override string Word(long id, int place) => TokenWords.Of(generator.Tokenizer, id);

    public override string? Text(long[] row) => generator.Written(row);

    // The noise of a text follows from the seed and its number, as the generator's own.
    private static IReadOnlyList<DenoisingJob.Asked> Items(int count, long seed, Func<int, long[]?> known) =>
        [.. Enumerable.Range(0, count).Select(number => new DenoisingJob.Asked(null, ItemNoise.Seeds(seed, [number]), known(number)))];

    private long[]? Row(IReadOnlyCollection<int> begin) =>
        begin.Count == 0 ? null : [.. begin.Select(id => (long)id), .. Enumerable.Repeat(ITokenRowSource.Missing, generator.Options.Tokens - begin.Count)];

    private TokenResult Result(Denoised denoised, int shown)
    {
        var row = denoised.Chosen[..Math.Min(shown, denoised.Chosen.Length)];
        return new(denoised.Steps, Words(row), Text(row));
    }

    // Each part waits for the model's thread anew.
    private LongPlan Write(string prompt, int length, int count, SamplingOptions sampling)
    {
        var (tokenizer, room) = (generator.Tokenizer, generator.Options.Tokens);
        var parts = LongText.Parts(room, length);
        return new(count, parts, (denoise, show) =>
        {
            var (steps, done) = (0, 0);
            var rows = LongText.WriteTokens(tokenizer, room, count, prompt, length, (begin, part) =>
            {
                var denoised = denoise(Items(count, part == 0 ? sampling.Seed : Seeds.Derive(sampling.Seed, SeedPurpose.Sample, part), number => Row(begin[number])));
                steps += denoised.Max(row => row.Steps);
                return [.. denoised.Select(row => Array.ConvertAll(row.Chosen, id => (int)id))];
            }, texts => show(new(done++, parts, null, null, done == parts, TextOf(texts[0]), null, tokenizer.Decode(texts[0]), [])));
            return [.. rows.Select(row => new TokenResult(steps, TextOf(row), tokenizer.Decode(row)))];
        });
    }

    private IReadOnlyList<string> TextOf(IReadOnlyList<int> row) => [.. row.Select(id => Word(id, 0))];
}
