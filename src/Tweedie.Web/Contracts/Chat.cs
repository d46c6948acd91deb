using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tweedie.Web.Contracts;

/// <summary>A request of the OpenAI chat endpoint: the members that are followed, and those that change nothing.</summary>
internal sealed record ChatRequest
{
    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The messages; the last of the user is answered.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Whether the answer comes as a stream.</summary>
    public bool? Stream { get; init; }

    /// <summary>Seed of noise and draws.</summary>
    public long? Seed { get; init; }

    /// <summary>The temperature of draws; 0 draws nothing.</summary>
    public double? Temperature { get; init; }

    /// <summary>The mass of the nucleus that draws are from.</summary>
    [JsonPropertyName("top_p")]
    public double? TopP { get; init; }

    /// <summary>For a text generator: the tokens of the whole text.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>The same by its newer name.</summary>
    [JsonPropertyName("max_completion_tokens")]
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Answers; 1.</summary>
    public int? N { get; init; }

    /// <summary>Changes nothing.</summary>
    public string? User { get; init; }

    /// <summary>Changes nothing.</summary>
    [JsonPropertyName("stream_options")]
    public JsonElement? StreamOptions { get; init; }

    /// <summary>Changes nothing.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Changes nothing.</summary>
    public bool? Store { get; init; }

    /// <summary>0.</summary>
    [JsonPropertyName("frequency_penalty")]
    public double? FrequencyPenalty { get; init; }

    /// <summary>0.</summary>
    [JsonPropertyName("presence_penalty")]
    public double? PresencePenalty { get; init; }

    /// <summary>A message.</summary>
    internal sealed record ChatMessage
    {
        /// <summary>user, assistant or system.</summary>
        public string? Role { get; init; }

        /// <summary>A text, or a list of parts.</summary>
        public JsonElement? Content { get; init; }

        /// <summary>Changes nothing.</summary>
        public string? Name { get; init; }
    }
}

/// <summary>The answer of the chat endpoint, or a chunk of it.</summary>
internal sealed record ChatAnswer(string Id, string Object, long Created, string Model, IReadOnlyList<ChatAnswer.Choice> Choices, ChatAnswer.Counts? Usage = null)
{
    /// <summary>What the text reads as after a step, in chunks of a stream; clients that do not know it skip it.</summary>
    public string? Draft { get; init; }

    /// <summary>The only choice.</summary>
    internal sealed record Choice(int Index, Text? Message, Text? Delta, [property: JsonPropertyName("finish_reason")] string? FinishReason);

    /// <summary>A text, or a part of it.</summary>
    internal sealed record Text(string? Role, string? Content);

    /// <summary>Tokens.</summary>
    internal sealed record Counts(
        [property: JsonPropertyName("prompt_tokens")] int Prompt, [property: JsonPropertyName("completion_tokens")] int Completion, [property: JsonPropertyName("total_tokens")] int Total);
}

/// <summary>The models that the chat endpoint answers with.</summary>
internal sealed record ChatModels(string Object, IReadOnlyList<ChatModels.Entry> Data)
{
    /// <summary>A model.</summary>
    internal sealed record Entry(string Id, string Object, long Created, [property: JsonPropertyName("owned_by")] string OwnedBy);
}
