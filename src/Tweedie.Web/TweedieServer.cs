using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;

namespace Tweedie.Web;

/// <summary>A whole server: nothing but <see cref="TweedieWeb.MapTweedie"/>, on Kestrel with limits that hold against strangers.</summary>
public static class TweedieServer
{
    /// <summary>The address where nothing else is said.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5080";

    /// <summary>Makes a server; <c>StartAsync</c> loads its models and starts it.</summary>
    /// <param name="configure">Names the models and sets the options.</param>
    /// <param name="addresses">Where it listens; <see cref="DefaultAddress"/> if there are none. Port 0 takes a free one.</param>
    /// <param name="more">Changes the program before it is built.</param>
    /// <exception cref="TweedieException">
    /// An address is none, or one that other machines reach although there are no keys and <see cref="TweedieWebOptions.AllowWithoutKey"/> is not set; or an option is out of range.
    /// </exception>
    public static WebApplication Create(Action<TweedieWebOptions> configure, IReadOnlyList<string>? addresses = null, Action<WebApplicationBuilder>? more = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => WebJson.UseNames(json.SerializerOptions));
        builder.Services.AddTweedieWeb(configure);
        more?.Invoke(builder);

        var options = builder.Services.Select(service => service.ImplementationInstance).OfType<TweedieWebOptions>().Single();
        options.Check();
        string[] urls = addresses is { Count: > 0 } ? [.. addresses] : [DefaultAddress];
        foreach (var url in urls)
            CheckAddress(url, options);
        builder.WebHost.UseUrls(urls);
        builder.Services.Configure<KestrelServerOptions>(kestrel => Limit(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTime + TimeSpan.FromSeconds(5));
        var app = builder.Build();
        app.Use(AnswerUnansweredAsync);
        app.MapTweedie();
        return app;
    }

    // What no endpoint takes has a problem as its answer, as everything else.
    private static async Task AnswerUnansweredAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is not { HasStarted: false, ContentType: null, StatusCode: 404 or 405 or 415 })
            return;
        Guard.SetHeaders(context.Response.Headers);
        var problem = context.Response.StatusCode == 415 ? new WebProblem(415, "Unsupported media type", "Send application/json, or images as multipart/form-data.")
            : new WebProblem(context.Response.StatusCode, "Not found", $"There is nothing at this address for {context.Request.Method}.");
        await problem.WriteAsync(context);
    }

    private static void Limit(KestrelServerOptions kestrel, TweedieWebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
    }

    private static void CheckAddress(string url, TweedieWebOptions options)
    {
        // http://*:80 and http://+:80 are all addresses of the machine, and no URI.
        var isUri = Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var address);
        if (!isUri || address!.Scheme is not ("http" or "https"))
            throw new TweedieException($"'{OneLine.Of(url)}' is no address to listen on; give one such as {DefaultAddress}.");
        if (!Guard.IsLoopback(address.Host) && options.Keys.Count == 0 && !options.AllowWithoutKey)
            throw TweedieException.Naming($"'{OneLine.Of(url)}' can be reached from other machines, so the server needs keys: give {new OptionName("Keys", "Keys")}, or allow requests without a key by {new OptionName("NoKey", nameof(options.AllowWithoutKey))}.");
    }
}
