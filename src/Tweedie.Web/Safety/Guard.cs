using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Tweedie.Web.Safety;

/// <summary>Lets requests to the server's endpoints through that may pass: by their key, their address, their origin and their rate. It sets the headers of all answers.</summary>
internal sealed class Guard(RequestDelegate next, KeyRing keys, TweedieWebOptions options, Draining draining) : IDisposable
{
    private const int WrongKeysPerMinute = 30;

    // Nothing but the server's own scripts, styles and answers. Images may also be what the user has chosen (data, blob). No script can make HTML of a text.
    private const string Policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly PartitionedRateLimiter<string> _rate = Limiter(options.RequestsPerMinute ?? (options.Keys.Count > 0 ? 600 : int.MaxValue));
    private readonly PartitionedRateLimiter<string> _wrongKeys = Limiter(WrongKeysPerMinute);

    /// <summary>Lets a request through, or answers it with a problem.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointKind>() is not { } kind)
        {
            await next(context);
            return;
        }
        SetHeaders(context.Response.Headers);
        if (ProblemOf(context, kind) is { } problem)
            await problem.WriteAsync(context);
        else
            await next(context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rate.Dispose();
        _wrongKeys.Dispose();
    }

    private WebProblem? ProblemOf(HttpContext context, EndpointKind kind)
    {
        var address = $"address {context.Connection.RemoteIpAddress}";
        if (!keys.IsNeeded && !options.AllowWithoutKey && !IsLocal(context))
            return new(403, "Forbidden", "A server without keys answers the machine that it runs on alone; give it keys.");
        if (IsForeign(context.Request))
            return new(403, "Forbidden", "The request comes from a page of another site.");
        int? key = null;
        if (keys.IsNeeded && !kind.IsOpen && (key = keys.Find(context.Request)) is null)
            return Exceeds(_wrongKeys, address, "The address has sent too many wrong keys.") ?? new(401, "Unauthorized", "Send a key of this server, as 'Authorization: Bearer KEY'.");
        if (!kind.Computes)
            return null;
        if (draining.IsStopping)
            return new(503, "Stopping", "The server is being stopped.") { RetryAfter = 10 };
        return Exceeds(_rate, key is null ? address : $"key {key}", "There were too many requests within a minute.");
    }

    // A browser tells the page that a request comes from; other sites may not use this one, whatever the network allows them.
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == HostOf(request));

    private static string HostOf(HttpRequest request) => Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";

    // The connection has come to a loopback address, and the client calls it so. A name that another site has let point to it is refused.
    private static bool IsLocal(HttpContext context) =>
        (context.Connection.LocalIpAddress is not { } local || IPAddress.IsLoopback(local)) && IsLoopback(context.Request.Host.Host);

    /// <summary>Whether a host is this machine and no other one.</summary>
    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static WebProblem? Exceeds(PartitionedRateLimiter<string> limiter, string who, string detail)
    {
        using var lease = limiter.AttemptAcquire(who);
        return lease.IsAcquired ? null : new(429, "Too many requests", detail)
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Clamp(Math.Ceiling(after.TotalSeconds), 1, 60) : 10,
        };
    }

    private static PartitionedRateLimiter<string> Limiter(int perMinute) => PartitionedRateLimiter.Create<string, string>(who => perMinute == int.MaxValue
        ? RateLimitPartition.GetNoLimiter(who)
        : RateLimitPartition.GetSlidingWindowLimiter(who, _ => new() { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 12 }));

    /// <summary>Sets the headers that every answer has.</summary>
    internal static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
