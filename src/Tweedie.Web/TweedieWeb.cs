using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Tweedie.Web.Endpoints;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web;

/// <summary>Models over HTTP in any program of ASP.NET Core; <see cref="TweedieServer"/> is a whole program.</summary>
public static class TweedieWeb
{
    /// <summary>Registers what <see cref="MapTweedie"/> needs. The models are loaded when the host starts, before it answers.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Names the models and sets the options.</param>
    public static IServiceCollection AddTweedieWeb(this IServiceCollection services, Action<TweedieWebOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TweedieWebOptions();
        configure(options);
        services.AddSingleton(options).AddSingleton<KeyRing>().AddSingleton<UploadBudget>().AddSingleton<Draining>().AddSingleton<RequestReader>().AddSingleton<AnswerServices>();
        services.AddSingleton<ServedModels>().AddHostedService(provider => provider.GetRequiredService<ServedModels>());
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Telemetry.Name, WebTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddView(instrument => instrument.Unit == "s" ? new ExplicitBucketHistogramConfiguration { Boundaries = WebTelemetry.Seconds } : null).AddPrometheusExporter());
        return services;
    }

    /// <summary>
    /// Maps the models, the page, and what operates them: <c>/api</c>, <c>/v1</c>, <c>/openapi/v1.json</c>, <c>/health</c>, <c>/metrics</c>. Keys, rates and headers of the
    /// options hold for these endpoints and no others.
    /// </summary>
    /// <param name="app">The program.</param>
    public static WebApplication MapTweedie(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.Services.GetRequiredService<AnswerServices>();
        app.UseMiddleware<Guard>();
        ModelEndpoints.Map(app, services);
        ChatEndpoints.Map(app, services);
        HealthEndpoints.Map(app, services.Models, services.Draining);
        new GalleryEndpoints(services.Options.Gallery).Map(app);
        app.MapTweediePage();
        app.MapGroup("").WithMetadata(new EndpointKind()).MapOpenApi();
        app.MapGroup("").WithMetadata(new EndpointKind()).MapPrometheusScrapingEndpoint();
        return app;
    }
}
