using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Hosting;

/// <summary>
/// Goes on from the text of the user's last message; the answer begins with that text. <see cref="ChatOptions.MaxOutputTokens"/> is the length of the whole text; a
/// streaming response writes one row of the model's tokens, and takes no length. Thread-safe.
/// </summary>
/// <param name="generator">The generator; the caller keeps it.</param>
/// <param name="modelId">What responses call the model; null leaves it open.</param>
public sealed class WritingChatClient(TextGenerator generator, string? modelId = null) : DenoisingChatClient(modelId)
{
    private readonly TextGenerator _generator = generator ?? throw new ArgumentNullException(nameof(generator));

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        base.GetService(serviceType, serviceKey) ?? (serviceKey is null && serviceType.IsInstanceOfType(_generator) ? _generator : null);

    private protected override async Task<string> AnswerAsync(ChatMessage message, ChatOptions? options, SamplingOptions sampling, CancellationToken cancellation) =>
        (await _generator.GenerateAsync(1, TextOf(message), options?.MaxOutputTokens, sampling, cancellation).ConfigureAwait(false))[0];

    private protected override async IAsyncEnumerable<DraftContent> DraftsAsync(
        ChatMessage message, ChatOptions? options, SamplingOptions sampling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (options?.MaxOutputTokens is not null)
            throw new NotSupportedException($"{nameof(ChatOptions)}.{nameof(options.MaxOutputTokens)}: a streaming response writes one row of tokens; leave it out.");
        await foreach (var step in _generator.DenoiseAsync(TextOf(message), sampling: sampling, cancellation: cancellation).ConfigureAwait(false))
            yield return new(_generator.Written(step.Tokens[0]), step);
    }

    private static string TextOf(ChatMessage message) => message.Contents.All(content => content is TextContent) ? message.Text
        : throw new TweedieException("The message has more than text; a text generator takes text alone.");
}
