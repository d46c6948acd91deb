using Tweedie.Sampling;

namespace Tweedie.Web.Contracts;

/// <summary>All models of a server.</summary>
internal sealed record ModelList(IReadOnlyList<ModelDescription> Models);

/// <summary>A model, and what can be asked of it.</summary>
internal sealed record ModelDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The beginning of the SHA-256 of its weights.</summary>
    public required string Version { get; init; }

    /// <summary>classifier, captioner, text or rows.</summary>
    public required string Kind { get; init; }

    /// <summary>tdd, mdd, ar, linear or mlp.</summary>
    public required string Method { get; init; }

    /// <summary>N, the tokens of an item.</summary>
    public required int Tokens { get; init; }

    /// <summary>K, the entries of the vocabulary.</summary>
    public required int Entries { get; init; }

    /// <summary>T of the schedule; 0 where the method has none.</summary>
    public required int Timesteps { get; init; }

    /// <summary>The classes of a classifier.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The places of a row.</summary>
    public IReadOnlyList<Column>? Columns { get; init; }

    /// <summary>The network's input; null where it takes no images.</summary>
    public ImageSize? Image { get; init; }

    /// <summary>How the model is sampled where a request leaves it open; null where there is nothing to sample.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>What <c>sampling.sampler</c> takes; for masked diffusion what <c>sampling.unmasking</c> takes; empty where there is no choice.</summary>
    public required IReadOnlyList<string> Samplers { get; init; }

    /// <summary>ᾱ at timesteps from 0 to T − 1, at most 101 of them, evenly spread; empty where the method has no schedule.</summary>
    public required IReadOnlyList<double> Schedule { get; init; }

    /// <summary>How large a request may be.</summary>
    public required Sizes Limits { get; init; }

    /// <summary>What can be asked: classify, caption, generate, fill, score.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>What its card says was measured; null where it has none of these weights.</summary>
    public CardSummary? Card { get; init; }

    /// <summary>What a model's card says was measured.</summary>
    /// <param name="Scores">The scores by their metrics.</param>
    /// <param name="Items">The number of held-out items that they were measured on.</param>
    /// <param name="Unit">What kind of items they are, such as images.</param>
    /// <param name="License">The licence of the training data; null where nobody has given it.</param>
    internal sealed record CardSummary(IReadOnlyDictionary<string, double?> Scores, int Items, string Unit, string? License);

    /// <summary>A place of a row.</summary>
    internal sealed record Column(string Name, IReadOnlyList<string> Entries);

    /// <summary>The size of the network's input.</summary>
    internal sealed record ImageSize(int Width, int Height, int Channels);

    /// <summary>How large a request may be.</summary>
    internal sealed record Sizes(int Steps, int Draws, int Count, int ImageBytes, int Pixels);
}
