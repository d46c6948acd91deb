using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Tweedie.Images;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>Reads requests: JSON, or a form with images as files. Nothing of a request is written to a disk.</summary>
internal sealed class RequestReader(TweedieWebOptions options, UploadBudget budget) : IDisposable
{
    private const int FieldBytes = 1 << 20;
    private const string RequestField = "request", ImageField = "image";

    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);

    /// <summary>Reads a request and its encoded images.</summary>
    public async Task<(T Request, IReadOnlyList<byte[]> Images)> ReadAsync<T>(HttpContext context, CancellationToken cancellation) where T : class, new()
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            throw NotUnderstood();
        using var lease = budget.Take(Math.Min(request.ContentLength ?? options.Limits.BodyBytes, options.Limits.BodyBytes));
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var read = JsonRequest.Read<T>(await BodyAsync(request, cancellation));
            return (read, read is IImagesRequest { Images: { } urls } ? DataUrls(urls) : []);
        }
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || !typeof(T).IsAssignableTo(typeof(IImagesRequest)))
            throw NotUnderstood();
        var (form, files) = await FormAsync<T>(HeaderUtilities.RemoveQuotes(type.Boundary).Value, await BodyAsync(request, cancellation), cancellation);
        if (form is IImagesRequest { Images: not null })
            throw WebProblem.Refused("images: a form sends them as files called image; leave them out of the request.");
        return (form, files);
    }

    /// <summary>Decodes images, as many at a time as there are processors.</summary>
    /// <param name="images">The encoded images.</param>
    /// <param name="kind">The model that they are for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="TweedieException">One cannot be read or is too large.</exception>
    public async Task<IReadOnlyList<RasterImage>> DecodeAsync(IReadOnlyList<byte[]> images, ServedKind kind, CancellationToken cancellation)
    {
        if (images.Count == 0)
            return [];
        WebProblem.Limit("images", images.Count, options.Limits.Count);
        if (images.Index().FirstOrDefault(image => image.Item.Length > options.Limits.ImageBytes) is { Item: not null } large)
            throw new WebProblem(413, "Too large", $"Image {large.Index + 1} has {large.Item.Length} bytes, and this server takes {options.Limits.ImageBytes}; shrink it.");
        var decoder = options.Decoder(kind.Options is Tweedie.Models.ImageInputOptions input ? input.Input.Channels : 3);
        await _decoding.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => images.Select((bytes, number) =>
            {
                cancellation.ThrowIfCancellationRequested();
                using var stream = new MemoryStream(bytes, writable: false);
                return ImageDecoder.Decode(stream, $"image {number + 1}", decoder);
            }).ToList(), cancellation);
        }
        finally
        {
            _decoding.Release();
        }
    }

    /// <summary>The bytes of a data URL.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="member">What the request calls it.</param>
    public static byte[] DataUrl(string? url, string member)
    {
        const string begin = "data:image/", encoding = ";base64,";
        var comma = url?.IndexOf(encoding, StringComparison.Ordinal) ?? -1;
        if (url is null || comma < 0 || comma > 100 || !url.StartsWith(begin, StringComparison.OrdinalIgnoreCase))
            throw WebProblem.Refused($"{member}: must be an image as a data URL, such as data:image/png;base64,…; addresses are not fetched.");
        var bytes = new byte[(url.Length - comma) * 3L / 4];
        return Convert.TryFromBase64Chars(url.AsSpan(comma + encoding.Length), bytes, out var length) && length > 0 ? bytes[..length]
            : throw WebProblem.Refused($"{member}: has no valid base64 after '{encoding}'.");
    }

    /// <inheritdoc/>
    public void Dispose() => _decoding.Dispose();

    private IReadOnlyList<byte[]> DataUrls(IReadOnlyList<string> urls)
    {
        WebProblem.Limit("images", urls.Count, options.Limits.Count);
        return [.. urls.Select((url, number) => DataUrl(url, $"images[{number}]"))];
    }

    private async Task<MemoryStream> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        var most = options.Limits.BodyBytes;
        if (request.ContentLength > most)
            throw TooLarge(most);
        var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[64 << 10];
        for (int count; (count = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + count > most)
                throw TooLarge(most);
            body.Write(buffer, 0, count);
        }
        body.Position = 0;
        return body;
    }

    private async Task<(T Request, IReadOnlyList<byte[]> Images)> FormAsync<T>(string? boundary, MemoryStream body, CancellationToken cancellation) where T : class, new()
    {
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
            throw WebProblem.Refused("The form has no boundary in its content type, or one of more than 100 characters.");
        var (request, images) = ((T?)null, new List<byte[]>());
        try
        {
            var reader = new MultipartReader(boundary, body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096, BodyLengthLimit = options.Limits.BodyBytes };
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                var name = section.GetContentDispositionHeader() is { } header ? HeaderUtilities.RemoveQuotes(header.Name).Value : null;
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content, cancellation);
                content.Position = 0;
                switch (name)
                {
                    case ImageField:
                        images.Add(content.ToArray());
                        WebProblem.Limit("images", images.Count, options.Limits.Count);
                        break;
                    case RequestField when request is null && content.Length <= FieldBytes:
                        request = JsonRequest.Read<T>(content);
                        break;
                    case RequestField:
                        throw WebProblem.Refused(request is null ? $"request: has more than {FieldBytes} bytes." : "request: stands in the form twice.");
                    default:
                        throw WebProblem.Refused($"'{OneLine.Of(name ?? "")}': is no field of this form; it has {RequestField}, with JSON, and {ImageField}, one or more files.");
                }
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw WebProblem.Refused("The form is damaged: it ends too early, or has headers that are too long.");
        }
        return (request ?? new(), images);
    }

    private static WebProblem NotUnderstood() => new(415, "Unsupported media type", "Send application/json, or images as multipart/form-data.");

    private static WebProblem TooLarge(int most) => new(413, "Too large", $"The request is larger than the {most} bytes that this server takes; send fewer or smaller images.");
}
