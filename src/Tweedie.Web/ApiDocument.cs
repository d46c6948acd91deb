using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tweedie.Web;

/// <summary>The OpenAPI document of the endpoints.</summary>
internal static class ApiDocument
{
    private const string Key = "key";

    /// <summary>Says what the document is about, and how a key is sent.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath is { } path && (path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("v1/", StringComparison.Ordinal) || path.StartsWith("health/", StringComparison.Ordinal));
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Tweedie", Version = "1", Description = "Models that denoise labels, captions, texts and rows." };
            document.Servers?.Clear(); // relative to wherever the document comes from
            document.Components ??= new();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the server, where it has keys." };
            document.Security = [new() { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
