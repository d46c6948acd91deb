using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tweedie.Images;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>The models, and what can be asked of them.</summary>
internal static class ModelEndpoints
{
    private const string Json = "application/json", Form = "multipart/form-data", Problem = "application/problem+json";

    /// <summary>Maps the endpoints below <c>/api/models</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, AnswerServices services)
    {
        var models = routes.MapGroup("/api/models").WithTags("models").WithMetadata(new EndpointKind());
        models.MapGet("", () => Results.Json(new ModelList([.. services.Models.All.Select(version => version.Description)]), WebJson.Options))
            .WithName("models").WithSummary("All models").Produces<ModelList>();
        models.MapGet("/{name}", (HttpContext context, string name) => AskAsync(context, services, name, "describe", (_, version) =>
                context.Response.WriteAsJsonAsync(version.Description, WebJson.Options, context.RequestAborted)))
            .WithName("model").WithSummary("A model, and what can be asked of it").Produces<ModelDescription>().Produces<WebProblem.Details>(404, Problem);
        models.MapPost("/{name}/reload", (HttpContext context, string name) => AskAsync(context, services, name, "reload", async (_, _) =>
                await context.Response.WriteAsJsonAsync((await services.Models.ReloadAsync(name, context.RequestAborted)).Description, WebJson.Options, context.RequestAborted)))
            .WithName("reload").WithSummary("Loads a model's folder again; requests that run end with the old version").Produces<ModelDescription>().Produces<WebProblem.Details>(404, Problem);

        Ask<ClassifyRequest, Answer<ClassResult>>("classify", "Names what images show", (kind, request, images) => kind.Classify(request, images));
        Ask<CaptionRequest, Answer<TokenResult>>("caption", "Captions images", (kind, request, images) => kind.Caption(request, images));
        Ask<GenerateRequest, Answer<TokenResult>>("generate", "Writes texts, or draws rows of a table", (kind, request, _) => kind.Generate(request));
        Ask<FillRequest, Answer<TokenResult>>("fill", "Fills the gaps of a caption, a text or rows", (kind, request, images) => kind.Fill(request, images));
        Answerable<ScoreRequest, Answer<ScoreResult>>(models.MapPost("/{name}/score", (HttpContext context, string name) => AskAsync(context, services, name, "score", async (scope, version) =>
        {
            var (request, images) = await ReadAsync<ScoreRequest>(context, services, scope, version);
            await Answering.ScoreAsync(context, scope, version, version.Kind.Score(request, images));
        })), "score", "Says how likely texts, rows, or captions of an image are");

        void Ask<TRequest, TAnswer>(string task, string summary, Func<ServedKind, TRequest, IReadOnlyList<RasterImage>, Plan> plan) where TRequest : SamplingRequest, new() =>
            Answerable<TRequest, TAnswer>(models.MapPost($"/{{name}}/{task}", (HttpContext context, string name) => AskAsync(context, services, name, task, async (scope, version) =>
            {
                var (request, images) = await ReadAsync<TRequest>(context, services, scope, version);
                if (request is ClassifyRequest or CaptionRequest && images.Count == 0)
                    throw WebProblem.Refused("images: must be given, as files called image of a form, or as data URLs.");
                await Answering.AnswerAsync(context, services, scope, version, plan(version.Kind, request, images));
            })), task, summary).Produces(200, contentType: EventStream.MediaType);
    }

    private static RouteHandlerBuilder Answerable<TRequest, TAnswer>(RouteHandlerBuilder endpoint, string task, string summary) where TRequest : notnull
    {
        endpoint.WithName(task).WithSummary(summary).WithMetadata(new EndpointKind(Computes: true)).Produces<TAnswer>(200, Json);
        _ = typeof(TRequest).IsAssignableTo(typeof(IImagesRequest)) ? endpoint.Accepts<TRequest>(Json, Form) : endpoint.Accepts<TRequest>(Json);
        foreach (var status in new[] { 400, 401, 404, 413, 415, 429, 503, 504 })
            endpoint.Produces<WebProblem.Details>(status, Problem);
        return endpoint;
    }

    private static Task AskAsync(HttpContext context, AnswerServices services, string name, string task, Func<RequestScope, ModelVersion, Task> answer) =>
        RequestScope.RunAsync(context, services, name, task, answer);

    private static async Task<(T Request, IReadOnlyList<RasterImage> Images)> ReadAsync<T>(HttpContext context, AnswerServices services, RequestScope scope, ModelVersion version)
        where T : ModelRequest, new()
    {
        if (version.Gate.Waiting >= services.Options.QueueLength) // before a body is read that would be refused anyway
            throw new WebProblem(429, "Too many requests", "The model has as many requests waiting as this server allows; send it again later.") { RetryAfter = version.Gate.SecondsUntilRoom };
        var (request, encoded) = await services.Reader.ReadAsync<T>(context, scope.End);
        scope.Take(request);
        return (request, await services.Reader.DecodeAsync(encoded, version.Kind, scope.End));
    }
}
