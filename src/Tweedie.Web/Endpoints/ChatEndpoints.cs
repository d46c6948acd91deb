using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tweedie.Sampling;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>The endpoints that clients of OpenAI's chat know: an image in, its caption out; or a text that is gone on from.</summary>
internal static class ChatEndpoints
{
    /// <summary>Maps <c>/v1/models</c> and <c>/v1/chat/completions</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, AnswerServices services)
    {
        var chat = routes.MapGroup("/v1").WithTags("chat").WithMetadata(new EndpointKind());
        chat.MapGet("/models", () => Results.Json(new ChatModels("list", [.. services.Models.All.Where(Answers).Select(version => new ChatModels.Entry(version.Name, "model", 0, "tweedie"))]), WebJson.Options))
            .WithName("chatModels").WithSummary("The models that the chat endpoint answers with").Produces<ChatModels>();
        var completions = chat.MapPost("/chat/completions", (Delegate)((HttpContext context) => AnswerAsync(context, services)))
            .WithName("chat").WithSummary("Captions the image of the last message, or goes on from its text").WithMetadata(new EndpointKind(Computes: true))
            .Accepts<ChatRequest>("application/json").Produces<ChatAnswer>().Produces(200, contentType: EventStream.MediaType);
        foreach (var status in new[] { 400, 401, 404, 413, 415, 429, 503, 504 })
            completions.Produces<WebProblem.Details>(status, "application/problem+json");
    }

    private static bool Answers(ModelVersion version) => version.Kind is ServedCaptioner or ServedTextGenerator;

    private static async Task AnswerAsync(HttpContext context, AnswerServices services)
    {
        ChatRequest request;
        try
        {
            request = (await services.Reader.ReadAsync<ChatRequest>(context, context.RequestAborted)).Request;
            Refuse(request.N is not (null or 1), "n");
            Refuse(request.FrequencyPenalty is not (null or 0), "frequency_penalty");
            Refuse(request.PresencePenalty is not (null or 0), "presence_penalty");
            if (request.Model is null)
                throw WebProblem.Refused($"model: must be given; there are {string.Join(", ", services.Models.All.Where(Answers).Select(version => version.Name))}.");
        }
        catch (Exception error) when (error is WebProblem or BadHttpRequestException)
        {
            await WebProblem.Of(error, out _).WriteAsync(context);
            return;
        }
        await RequestScope.RunAsync(context, services, request.Model, "chat", async (scope, version) =>
        {
            var plan = await PlanAsync(services, scope, version, request);
            if (request.Stream == true)
                await StreamAsync(context, services, scope, version, plan);
            else
                await CompleteAsync(context, scope, version, plan);
        });
    }

    private static async Task<Plan> PlanAsync(AnswerServices services, RequestScope scope, ModelVersion version, ChatRequest request)
    {
        var message = request.Messages?.LastOrDefault(message => message?.Role == "user") ?? throw WebProblem.Refused("messages: has no message of the user.");
        var (text, images) = Parts(message.Content);
        var sampling = Sampling(request);
        if (version.Kind is ServedTextGenerator)
        {
            Refuse(images.Count > 0, "image_url");
            return version.Kind.Generate(new() { Prompt = text, Length = request.MaxCompletionTokens ?? request.MaxTokens, Sampling = sampling });
        }
        if (version.Kind is not ServedCaptioner)
            throw WebProblem.Refused($"model: '{version.Name}' is of kind {version.Kind.Name}, and the chat endpoint answers with captioners and text generators.");
        if (images.Count != 1)
            throw WebProblem.Refused($"messages: the last message of the user has {images.Count} images; give exactly one, as image_url with a data URL.");
        // A captioner answers no questions; text beside the image is read where it is a template.
        var template = text.Contains("[_", StringComparison.Ordinal) || text.EndsWith("...", StringComparison.Ordinal) ? text : null;
        return version.Kind.Caption(new() { Sampling = sampling, Template = template }, await services.Reader.DecodeAsync(images, version.Kind, scope.End));
    }

    private static (string Text, IReadOnlyList<byte[]> Images) Parts(JsonElement? content)
    {
        if (content is { ValueKind: JsonValueKind.String } text)
            return (text.GetString()!, []);
        if (content is not { ValueKind: JsonValueKind.Array } parts)
            throw WebProblem.Refused("messages: the content of the last message of the user must be a text or a list of parts.");
        var (words, images) = (new List<string>(), new List<byte[]>());
        foreach (var part in parts.EnumerateArray())
        {
            var type = Member(part, "type");
            if (type is { ValueKind: JsonValueKind.String } && type.Value.GetString() == "text" && Member(part, "text") is { ValueKind: JsonValueKind.String } said)
                words.Add(said.GetString()!);
            else if (type is { ValueKind: JsonValueKind.String } && type.Value.GetString() == "image_url" && Member(part, "image_url") is { } image)
                images.Add(RequestReader.DataUrl((Member(image, "url") ?? image) is { ValueKind: JsonValueKind.String } url ? url.GetString() : null, "image_url"));
            else
                throw WebProblem.Refused("messages: a part of a message is of type text or image_url, with a member of that name.");
        }
        return (string.Join(' ', words), images);
    }

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;

    private static SamplingOptions Sampling(ChatRequest request)
    {
        ToOneKind? draws = request.Temperature is null ? (request.TopP is null ? null : ToOneKind.Multinomial) : request.Temperature > 0 ? ToOneKind.Multinomial : ToOneKind.Argmax;
        return new()
        {
            ToOne = draws,
            Temperature = request.Temperature > 0 ? request.Temperature : null,
            TopP = draws == ToOneKind.Argmax ? null : request.TopP,
            Seed = request.Seed ?? 0,
        };
    }

    private static async Task CompleteAsync(HttpContext context, RequestScope scope, ModelVersion version, Plan plan)
    {
        var result = (TokenResult)(await Answering.ResultsAsync(version, plan, scope.End))[0];
        var answer = new ChatAnswer(scope.Id, "chat.completion", Now(), version.Name, [new(0, new("assistant", result.Text), null, "stop")], new(0, result.Tokens.Count, result.Tokens.Count));
        await context.Response.WriteAsJsonAsync(answer, WebJson.Options, scope.End);
    }

    private static async Task StreamAsync(HttpContext context, AnswerServices services, RequestScope scope, ModelVersion version, Plan plan)
    {
        var streamed = Answering.Begin(scope, version, plan, services.Options.Limits);
        var stream = new EventStream(context.Response, services.Options.KeepAlive, scope.End);
        var created = Now();
        ChatAnswer Chunk(ChatAnswer.Text delta, string? finish = null) => new(scope.Id, "chat.completion.chunk", created, version.Name, [new(0, null, delta, finish)]);
        try
        {
            await stream.SendAsync(null, Chunk(new("assistant", "")));
            await streamed.ForEachAsync(stream, step => stream.SendAsync(null, Chunk(new(null, null)) with { Draft = step.Text }));
            await stream.SendAsync(null, Chunk(new(null, ((TokenResult)(await streamed.Results)[0]).Text)));
            await stream.SendAsync(null, Chunk(new(null, null), "stop"));
            await stream.SendTextAsync("[DONE]");
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && context.Response.HasStarted)
        {
            var problem = scope.ProblemOf(error, services.Log);
            await stream.SendLastAsync("error", problem.Body with { Error = new(problem.Message, problem.Body.Title) });
        }
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static void Refuse(bool isAsked, string member)
    {
        if (isAsked)
            throw WebProblem.Refused($"{member}: a denoising model cannot follow it; leave it out.");
    }
}
