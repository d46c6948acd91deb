using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Hosting;

/// <summary>
/// Captions the image in the user's last message, which is a <see cref="DataContent"/>. Text beside the image is read as a template if it has gaps, such as
/// <c>a [__] dog...</c>; a captioner answers no questions, so other text is not read. Thread-safe.
/// </summary>
/// <param name="captioner">The captioner; the caller keeps it.</param>
/// <param name="modelId">What responses call the model; null leaves it open.</param>
/// <param name="limits">How large an image may be; null takes the defaults.</param>
public sealed class CaptioningChatClient(ImageCaptioner captioner, string? modelId = null, ImageDecoderOptions? limits = null) : DenoisingChatClient(modelId)
{
    private readonly ImageCaptioner _captioner = captioner ?? throw new ArgumentNullException(nameof(captioner));

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        base.GetService(serviceType, serviceKey) ?? (serviceKey is null && serviceType.IsInstanceOfType(_captioner) ? _captioner : null);

    private protected override Task<string> AnswerAsync(ChatMessage message, ChatOptions? options, SamplingOptions sampling, CancellationToken cancellation) =>
        _captioner.CaptionAsync(ImageOf(message), sampling, TemplateOf(message), cancellation);

    private protected override async IAsyncEnumerable<DraftContent> DraftsAsync(
        ChatMessage message, ChatOptions? options, SamplingOptions sampling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var step in _captioner.DenoiseAsync(ImageOf(message), sampling: sampling with { Draws = 1 }, template: TemplateOf(message), cancellation: cancellation).ConfigureAwait(false))
            yield return new(_captioner.Sentence(step.Tokens[0]), step);
    }

    private RasterImage ImageOf(ChatMessage message)
    {
        var images = message.Contents.Where(content => content is DataContent or UriContent).ToList();
        if (images is not [DataContent image] || !image.HasTopLevelMediaType("image"))
            throw new TweedieException(images is [UriContent]
                ? $"The message names its image by an address; give its bytes, as {nameof(DataContent)}."
                : $"The message has {images.Count(content => content is DataContent data && data.HasTopLevelMediaType("image"))} images; give exactly one, as {nameof(DataContent)}.");
        using var bytes = new MemoryStream(image.Data.ToArray(), writable: false);
        return ImageDecoder.Decode(bytes, image.Name ?? "the image of the message", (limits ?? new()) with { Channels = _captioner.Options.Input.Channels });
    }

    private TokenTemplate? TemplateOf(ChatMessage message) =>
        message.Text.Contains("[_", StringComparison.Ordinal) || message.Text.EndsWith("...", StringComparison.Ordinal) ? TokenTemplate.Parse(message.Text, _captioner.Tokenizer) : null;
}
