using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>Whether the server lives, and whether it takes requests.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServedModels models, Draining draining)
    {
        var health = routes.MapGroup("/health").WithTags("health").WithMetadata(new EndpointKind(IsOpen: true));
        health.MapGet("/live", () => Results.Json(new Health("live"), WebJson.Options)).WithName("live").WithSummary("Whether the process lives").Produces<Health>();
        health.MapGet("/ready", () => models.AreLoaded && !draining.IsStopping ? Results.Json(new Health("ready"), WebJson.Options)
                : Results.Json(new Health(draining.IsStopping ? "stopping" : "loading"), WebJson.Options, statusCode: 503))
            .WithName("ready").WithSummary("Whether the server takes requests").Produces<Health>().Produces<Health>(503);
    }

    /// <summary>The state of the server.</summary>
    internal sealed record Health(string Status);
}
