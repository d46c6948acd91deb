using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>The images that the page offers: those of a folder, and of the class folders in it.</summary>
internal sealed class GalleryEndpoints
{
    private const int Most = 1000;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
        [".bmp"] = "image/bmp",
    };

    private readonly Dictionary<string, (string File, string? Label)> _images = new(StringComparer.Ordinal);

    /// <summary>Lists a folder once: names that come later find nothing else.</summary>
    /// <param name="folder">The folder; null for an empty gallery.</param>
    public GalleryEndpoints(string? folder)
    {
        if (folder is null)
            return;
        var top = new DirectoryInfo(folder);
        foreach (var place in top.EnumerateDirectories().OrderBy(place => place.Name, StringComparer.Ordinal).Prepend(top))
            foreach (var file in place.EnumerateFiles().Where(file => Types.ContainsKey(file.Extension)).OrderBy(file => file.Name, StringComparer.Ordinal))
                if (_images.Count < Most)
                    _images.TryAdd(place == top ? file.Name : $"{place.Name}-{file.Name}", (file.FullName, place == top ? null : place.Name));
    }

    /// <summary>Maps <c>/api/gallery</c>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var gallery = routes.MapGroup("/api/gallery").WithTags("gallery").WithMetadata(new EndpointKind());
        gallery.MapGet("", () => Results.Json(new Gallery([.. _images.Select(image => new GalleryImage(image.Key, $"/api/gallery/{Uri.EscapeDataString(image.Key)}", image.Value.Label))]), WebJson.Options))
            .WithName("gallery").WithSummary("The images that the page offers").Produces<Gallery>();
        gallery.MapGet("/{name}", (string name) => _images.TryGetValue(name, out var image) && File.Exists(image.File)
                ? Results.File(image.File, Types[Path.GetExtension(image.File)])
                : Results.Json(new WebProblem(404, "No such image", "The gallery has no image of that name.").Body, WebJson.Options, "application/problem+json", 404))
            .WithName("galleryImage").WithSummary("An image of the gallery").Produces(200, contentType: "image/png").Produces<WebProblem.Details>(404, "application/problem+json");
    }

    /// <summary>The images of the gallery.</summary>
    internal sealed record Gallery(IReadOnlyList<GalleryImage> Images);

    /// <summary>An image of the gallery.</summary>
    internal sealed record GalleryImage(string Name, string Url, string? Label);
}
