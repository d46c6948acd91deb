using Microsoft.Extensions.AI;
using Tweedie.Images;
using Tweedie.Models;

namespace Tweedie.Hosting;

/// <summary>A tower of a CLIP as an embedding generator. The vectors of texts and images lie in one space and have length 1, so their product is their cosine. Thread-safe.</summary>
/// <typeparam name="TInput">What it embeds.</typeparam>
public abstract class ClipEmbeddings<TInput> : IEmbeddingGenerator<TInput, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata;

    private protected ClipEmbeddings(ClipModel model, string? modelId)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _metadata = new("tweedie", defaultModelId: modelId ?? model.Folder, defaultModelDimensions: model.Options.Network.EmbeddingWidth);
    }

    /// <summary>The CLIP; whoever made it disposes of it.</summary>
    protected ClipModel Model { get; }

    /// <inheritdoc/>
    /// <exception cref="TweedieException">An input cannot be read, or other dimensions are asked for than the model's.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _metadata.DefaultModelDimensions)
            throw new TweedieException($"{nameof(options.Dimensions)} = {dimensions}: the model's vectors have {_metadata.DefaultModelDimensions}; leave it out.");
        var vectors = await EmbedAsync(values, cancellationToken).ConfigureAwait(false);
        return new(vectors.Select(vector => new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId }));
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        object[] services = serviceKey is null ? [_metadata, this, Model] : [];
        return services.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Does nothing: whoever made the model disposes of it.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    private protected abstract Task<IReadOnlyList<float[]>> EmbedAsync(IEnumerable<TInput> values, CancellationToken cancellation);
}

/// <summary>CLIP's text tower. A text that is longer than the tower is cut off (<see cref="ClipModel.IsTooLong"/>).</summary>
/// <param name="model">The CLIP; the caller keeps it.</param>
/// <param name="modelId">What the embeddings call the model; null takes its folder.</param>
public sealed class ClipTextEmbeddings(ClipModel model, string? modelId = null) : ClipEmbeddings<string>(model, modelId)
{
    private protected override Task<IReadOnlyList<float[]>> EmbedAsync(IEnumerable<string> values, CancellationToken cancellation) => Model.EmbedTextsAsync(values, cancellation);
}

/// <summary>CLIP's image tower; an image is a <see cref="DataContent"/>.</summary>
/// <param name="model">The CLIP; the caller keeps it.</param>
/// <param name="modelId">What the embeddings call the model; null takes its folder.</param>
/// <param name="limits">How large an image may be; null takes the defaults.</param>
public sealed class ClipImageEmbeddings(ClipModel model, string? modelId = null, ImageDecoderOptions? limits = null) : ClipEmbeddings<DataContent>(model, modelId)
{
    private protected override Task<IReadOnlyList<float[]>> EmbedAsync(IEnumerable<DataContent> values, CancellationToken cancellation) =>
        Model.EmbedImagesAsync(values.Select((value, number) =>
        {
            using var bytes = new MemoryStream(value.Data.ToArray(), writable: false);
            return ImageDecoder.Decode(bytes, value.Name ?? $"image {number}", (limits ?? new()) with { Channels = 3 });
        }), cancellation);
}
