using System.Text.RegularExpressions;

namespace Tweedie.Tests.Page;

/// <summary>The canned answer to one request: the tokens in the end, and the steps on the way there. A place settles at a step that follows from its number.</summary>
internal sealed partial class FakeAnswer
{
    private readonly FakeModel _model;
    private readonly string[] _final, _noise;
    private readonly HashSet<int> _known = [];

    public FakeAnswer(FakeModel model, FakeRequest request)
    {
        _model = model;
        (_final, _noise) = model.Kind switch
        {
            "classifier" => (["circle"], ["square"]),
            "captioner" => (Row("a large red ring and", FakeModels.Html), Row("ring the the blue a a left top")),
            "text" when request.Length > model.Tokens => (Characters("To be or not to be"), []),
            "text" => (Characters("To be or not"), Characters("xq zzkw vvj ")),
            _ when model.Columns!.Length == 16 => ([.. "1234341221434321".Select(digit => $"{digit}")], [.. "1111222233334444".Select(digit => $"{digit}")]),
            _ => (["red", FakeModels.Html], ["green", "circle"]),
        };
        if (request.Rows is [var row])
            foreach (var place in Enumerable.Range(0, row.Length).Where(place => row[place] is not null))
                Know(place, row[place]!);
        if (request.Template is { } template)
            Know(template);
        if (request.Prompt is { } prompt)
            Know(prompt + "...");
    }

    // A text that is longer than a row comes in two parts.
    public int Steps(FakeRequest request) => _model.Method == "linear" ? 0 : request.Length > _model.Tokens ? 2 : request.Sampling?.Steps ?? 10;

    public object Score(FakeRequest request) => new
    {
        Nats = request.Texts?.Single().Length ?? 20.25,
        Tokens = 10,
        NatsPerToken = 2.025,
        BitsPerCharacter = _model.Kind == "rows" ? null : (double?)1.5,
        StandardError = _model.Method == "ar" ? 0 : 0.25,
        IsBound = _model.Method != "ar",
    };

    public object Step(int index, int count, FakeRequest request)
    {
        if (request.Length > _model.Tokens)
            return new { Index = index, Count = count, IsLast = index == count - 1, Tokens = index == 0 ? _final[.._model.Tokens] : _final, Entries = Array.Empty<object>() };
        var top = request.Top;
        var progress = (index + 1.0) / count;
        var settled = Enumerable.Range(0, _final.Length).Select(place => _known.Contains(place) || progress > (place + 1.0) / (_final.Length + 1)).ToArray();
        var tokens = settled.Select((isSettled, place) => isSettled ? _final[place] : _noise[place]).ToArray();
        return new
        {
            Index = index,
            Count = count,
            Timestep = 999 - 999 * index / Math.Max(1, count - 1),
            AlphaBar = progress * progress,
            IsLast = index == count - 1,
            Tokens = tokens,
            Hidden = _model.Method == "tdd" ? null : settled.Select(isSettled => !isSettled).ToArray(),
            Text = Text(tokens),
            Entries = tokens.Select((token, place) => top == 0 ? [] : _known.Contains(place) ? [new FakeCandidate(token, 1)]
                : new[] { new FakeCandidate(token, 0.3 + 0.6 * progress), new FakeCandidate(token == _final[place] ? _noise[place] : _final[place], 0.5 * (1 - progress)) }.DistinctBy(entry => entry.Token).ToArray()),
        };
    }

    public object Result(FakeRequest request)
    {
        var (draws, steps) = (request.Sampling?.Draws ?? 1, Steps(request));
        if (_model.Kind == "classifier")
            return new { Answers = new[] { new { Class = "circle", Probability = 0.75 }, new { Class = FakeModels.Html, Probability = 0.2 } }, Steps = steps };
        var text = Text(_final);
        return new
        {
            Text = text,
            Candidates = draws > 1 ? Enumerable.Range(1, draws).Select(draw => new { Text = $"{text} ({draw})" }) : null,
            Tokens = _final,
            Entries = _model.Columns is null ? null : _final,
            Steps = steps,
        };
    }

    private string Text(string[] tokens) => _model.Kind switch
    {
        "text" => string.Concat(tokens),
        _ => string.Join(' ', tokens.TakeWhile(token => token != "[SEP]")),
    };

    // The template's words at their places: a token per word for a captioner, per character for a text.
    private void Know(string template)
    {
        var place = 0;
        foreach (Match part in Part().Matches(template[..^3]))
            if (part.Value[0] == '[')
                place += part.Length - 2;
            else if (_model.Kind == "text")
                foreach (var character in part.Value)
                    Know(place++, $"{character}");
            else
                foreach (var word in part.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    Know(place++, word);
    }

    private void Know(int place, string token)
    {
        _final[place] = token;
        _known.Add(place);
    }

    private static string[] Row(string words, string? last = null) => [.. words.Split(' '), .. last is null ? Array.Empty<string>() : [last, "[SEP]", "[PAD]"]];

    private static string[] Characters(string text) => [.. text.Select(character => $"{character}")];

    [GeneratedRegex(@"\[_+\]|[^\[]+")]
    private static partial Regex Part();
}

internal sealed record FakeCandidate(string Token, double Probability);

internal sealed record FakeRequest
{
    public FakeSampling? Sampling { get; init; }

    public int Top { get; init; }

    public string? Template { get; init; }

    public string? Prompt { get; init; }

    public int? Count { get; init; }

    public int? Length { get; init; }

    public string?[][]? Rows { get; init; }

    public string[]? Texts { get; init; }
}

internal sealed record FakeSampling
{
    public int? Steps { get; init; }

    public string? Sampler { get; init; }

    public string? Unmasking { get; init; }

    public double? Guidance { get; init; }

    public string? ToOne { get; init; }

    public double? Temperature { get; init; }

    public int? Draws { get; init; }

    public long Seed { get; init; }
}
