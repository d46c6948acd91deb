using Tweedie.Sampling;

namespace Tweedie.Web.Contracts;

/// <summary>What every request about a model may say.</summary>
internal abstract record ModelRequest
{
    /// <summary>After how many seconds the answer is of no use any more.</summary>
    public double? DeadlineSeconds { get; init; }
}

/// <summary>What every request that samples may say.</summary>
internal abstract record SamplingRequest : ModelRequest
{
    /// <summary>How the model is sampled; what is left out is the model's default.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>How many candidates each token of a step lists; of a classifier, how many classes an answer has.</summary>
    public int? Top { get; init; }
}

/// <summary>Names what images show.</summary>
internal sealed record ClassifyRequest : SamplingRequest, IImagesRequest
{
    /// <summary>Images as data URLs; a form sends them as files.</summary>
    public IReadOnlyList<string>? Images { get; init; }
}

/// <summary>Captions images.</summary>
internal sealed record CaptionRequest : SamplingRequest, IImagesRequest
{
    /// <summary>Images as data URLs; a form sends them as files.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>Words that the captions have, with gaps, such as <c>a [__] dog...</c>.</summary>
    public string? Template { get; init; }
}

/// <summary>Writes texts, or draws rows of a table.</summary>
internal sealed record GenerateRequest : SamplingRequest
{
    /// <summary>What each text begins with.</summary>
    public string? Prompt { get; init; }

    /// <summary>How many texts or rows; 1 by default.</summary>
    public int? Count { get; init; }

    /// <summary>Tokens of a text with its prompt; by default as many as the model writes at a time.</summary>
    public int? Length { get; init; }
}

/// <summary>Fills the gaps of a caption, a text or rows.</summary>
internal sealed record FillRequest : SamplingRequest, IImagesRequest
{
    /// <summary>For a captioner: images as data URLs; a form sends them as files.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>A text with gaps, such as <c>The [____] of the king</c>.</summary>
    public string? Template { get; init; }

    /// <summary>For a row generator: rows of entries; null where one is to be filled in.</summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Rows { get; init; }

    /// <summary>For a text: how many answers; 1 by default.</summary>
    public int? Count { get; init; }
}

/// <summary>Says how likely texts, rows, or captions of an image are to a model.</summary>
internal sealed record ScoreRequest : ModelRequest, IImagesRequest
{
    /// <summary>For a captioner: one image as a data URL; a form sends it as a file.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>The texts, or captions of the image.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>For a row generator: whole rows of entries.</summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Rows { get; init; }

    /// <summary>For diffusion: noise levels that are drawn for each of them, 16 by default.</summary>
    public int? Draws { get; init; }

    /// <summary>For diffusion: the bound of sampling in so many steps; by default the limit of ever more steps.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of levels and noise.</summary>
    public long Seed { get; init; }
}

/// <summary>A request with images.</summary>
internal interface IImagesRequest
{
    /// <summary>Images as data URLs.</summary>
    IReadOnlyList<string>? Images { get; }
}
