using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Tweedie.Sampling;

namespace Tweedie.Hosting;

/// <summary>
/// A chat client whose answers are denoised. It reads the last message of the user, and no earlier one. Thread-safe.
/// </summary>
/// <remarks>
/// Of <see cref="ChatOptions"/>, it takes the seed, the temperature and top-p; with a temperature above 0 entries are drawn, with 0 the most probable ones are taken.
/// <see cref="ChatOptions.RawRepresentationFactory"/> can give <see cref="SamplingOptions"/>, which come first. Options that it cannot follow, such as tools, are refused.
/// </remarks>
public abstract class DenoisingChatClient : IChatClient
{
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates the client.</summary>
    /// <param name="modelId">What responses call the model; null leaves it open.</param>
    private protected DenoisingChatClient(string? modelId) => _metadata = new("tweedie", defaultModelId: modelId);

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The message is not what the model takes, or an option is out of range.</exception>
    /// <exception cref="NotSupportedException">An option asks for what the model cannot do.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = await AnswerAsync(LastOf(messages), options, Sampling(options), cancellationToken).ConfigureAwait(false);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { ModelId = _metadata.DefaultModelId, FinishReason = ChatFinishReason.Stop, CreatedAt = DateTimeOffset.UtcNow };
    }

    /// <summary>Answers with a <see cref="DraftContent"/> per step, and the text in the last update.</summary>
    /// <inheritdoc cref="GetResponseAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid().ToString("N");
        await foreach (var draft in DraftsAsync(LastOf(messages), options, Sampling(options), cancellationToken).ConfigureAwait(false))
        {
            yield return Update(draft);
            if (draft.Step.IsLast)
                yield return Update(new TextContent(draft.Text), ChatFinishReason.Stop);
        }

        ChatResponseUpdate Update(AIContent content, ChatFinishReason? finish = null) => new(ChatRole.Assistant, [content])
        {
            ResponseId = id,
            MessageId = id,
            ModelId = _metadata.DefaultModelId,
            FinishReason = finish,
            CreatedAt = DateTimeOffset.UtcNow,
        };
    }

    /// <inheritdoc/>
    public virtual object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: whoever made the model disposes of it.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The answer to a message.</summary>
    private protected abstract Task<string> AnswerAsync(ChatMessage message, ChatOptions? options, SamplingOptions sampling, CancellationToken cancellation);

    /// <summary>The steps in which the answer to a message appears.</summary>
    private protected abstract IAsyncEnumerable<DraftContent> DraftsAsync(ChatMessage message, ChatOptions? options, SamplingOptions sampling, CancellationToken cancellation);

    private static ChatMessage LastOf(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.LastOrDefault(message => message.Role == ChatRole.User) ?? throw new TweedieException("There is no message of the user to answer.");
    }

    private SamplingOptions Sampling(ChatOptions? options)
    {
        if (options is null)
            return new();
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools));
        Refuse(options.Instructions is { Length: > 0 }, nameof(options.Instructions));
        Refuse(options.ResponseFormat is ChatResponseFormatJson, nameof(options.ResponseFormat));
        Refuse(options.StopSequences is { Count: > 0 }, nameof(options.StopSequences));
        Refuse(options.TopK is not null, nameof(options.TopK));
        Refuse(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty));
        Refuse(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty));
        var sampling = options.RawRepresentationFactory?.Invoke(this) as SamplingOptions ?? new();
        var draws = options.Temperature is null ? (options.TopP is null ? null : ToOneKind.Multinomial) : options.Temperature > 0 ? ToOneKind.Multinomial : (ToOneKind?)ToOneKind.Argmax;
        return sampling with
        {
            ToOne = sampling.ToOne ?? draws,
            Temperature = sampling.Temperature ?? (options.Temperature > 0 ? options.Temperature : null),
            TopP = sampling.TopP ?? options.TopP,
            Seed = options.Seed ?? sampling.Seed,
        };
    }

    private static void Refuse(bool isAsked, string option)
    {
        if (isAsked)
            throw new NotSupportedException($"{nameof(ChatOptions)}.{option}: a denoising model cannot follow it; leave it out.");
    }
}
