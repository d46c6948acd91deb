using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Tweedie.Web.Safety;

namespace Tweedie.Web;

/// <summary>The page on which one watches models denoise. Its files are parts of this assembly, so nothing is read from a disk or from another host.</summary>
public static class PageFiles
{
    private const string Folder = "page/", Index = "index.html";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly Lazy<FrozenDictionary<string, PageFile>> Files = new(Read);

    /// <summary>Serves the page at <c>/</c> and its files under <c>/page/</c>.</summary>
    /// <param name="endpoints">The program, or a group of its routes.</param>
    /// <returns>The endpoints, such as to let everybody see the page where the API asks for a key.</returns>
    public static IEndpointConventionBuilder MapTweediePage(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup("").ExcludeFromDescription();
        group.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], context => Serve(context, Index));
        group.MapMethods("/page/{**path}", [HttpMethods.Get, HttpMethods.Head], context => Serve(context, context.GetRouteValue("path") as string ?? ""));
        return group;
    }

    // The browser keeps the files, and asks each time whether they are still the same: a new version is seen at once, and costs nothing where there is none.
    private static Task Serve(HttpContext context, string path)
    {
        if (!Files.Value.TryGetValue(path, out var file))
            return TypedResults.NotFound().ExecuteAsync(context);
        Guard.SetHeaders(context.Response.Headers); // also where a program maps the page alone
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.Tag).ExecuteAsync(context);
    }

    private static FrozenDictionary<string, PageFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Select(name => (Resource: name, Path: name.Replace('\\', '/')))
            .Where(name => name.Path.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name.Path[Folder.Length..], name => Open(assembly, name.Resource), StringComparer.Ordinal);
    }

    private static PageFile Open(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
        return new(content, ContentTypes[Path.GetExtension(resource)], new EntityTagHeaderValue(tag));
    }

    private sealed record PageFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
