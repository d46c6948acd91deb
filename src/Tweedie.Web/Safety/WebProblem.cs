using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Tweedie.Web.Contracts;

namespace Tweedie.Web.Safety;

/// <summary>A request that is refused or has failed, as problem details (RFC 9457). Neither paths nor stack traces are in it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="title">What kind of problem it is.</param>
/// <param name="detail">One line: what is wrong, and the way out.</param>
internal sealed class WebProblem(int status, string title, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>After how many seconds it is worth asking again; null where it is not.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What is sent.</summary>
    public Details Body => new(title, status, Message);

    /// <summary>A request that says something wrong.</summary>
    public static WebProblem Refused(string detail) => new(400, "Bad request", detail);

    /// <summary>Refuses a number above a limit of the server.</summary>
    public static void Limit(string member, double? value, int most)
    {
        if (value > most)
            throw Refused(FormattableString.Invariant($"{member} = {value}: is more than the {most} that this server allows."));
    }

    /// <summary>Refuses a number below a minimum.</summary>
    public static void AtLeast(string member, int? value, int least)
    {
        if (value < least)
            throw Refused($"{member} = {value}: must be at least {least}.");
    }

    /// <summary>The problem that an exception is to a client.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="isExpected">Whether the client or the operator can mend it; else it is a fault of the program.</param>
    public static WebProblem Of(Exception error, out bool isExpected)
    {
        isExpected = true;
        switch (error)
        {
            case WebProblem problem:
                return problem;
            case TweedieException { Kind: FaultKind.Input } input:
                return Refused(input.Option is { } option ? $"sampling.{NameOf(option.Member)} = {option.Value} {option.Problem}" : input.MessageIn(name => NameOf(name.Member)));
            case BadHttpRequestException { StatusCode: 413 }:
                return new(413, "Too large", "The request is larger than this server allows; send fewer or smaller images.");
            case BadHttpRequestException bad:
                return new(bad.StatusCode, "Bad request", "The request is not valid HTTP, or it came too slowly.");
            case TweedieException { Kind: FaultKind.Resources }:
                isExpected = false;
                return new(503, "Not enough resources", "The server does not have what the request needs; ask for less, or later.") { RetryAfter = 10 };
            default:
                isExpected = false;
                return new(500, "Server fault", "The server failed at this request; its log says why.");
        }
    }

    /// <summary>Sends the problem, unless something has been sent already.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
            return;
        context.Response.StatusCode = status;
        if (RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        if (status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(context.Request.Path.StartsWithSegments("/v1") ? Body with { Error = new(Message, title) } : Body, WebJson.Options, "application/problem+json", CancellationToken.None);
    }

    private static string NameOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);

    /// <summary>Problem details.</summary>
    internal sealed record Details(string Title, int Status, string Detail)
    {
        /// <summary>For clients of the OpenAI endpoints: the same as they expect it.</summary>
        [JsonPropertyName("error")]
        public OpenAiError? Error { get; init; }
    }

    /// <summary>An error as clients of the OpenAI endpoints expect it.</summary>
    internal sealed record OpenAiError(string Message, string Type);
}
