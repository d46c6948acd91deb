using System.Net.Http.Headers;
using Tweedie.Images;

namespace Tweedie.Bench.Serving;

/// <summary>A client that asks about one small image.</summary>
internal sealed class ImageClient : IDisposable
{
    /// <summary>What every request says.</summary>
    public const string Request = """{ "sampling": { "steps": 20 } }""";

    /// <summary>A generated image.</summary>
    public static readonly byte[] Png = ImageWriter.ToPng(new ShapeSource(1, SmallModels.ImageSize).Read(0));

    private readonly SocketsHttpHandler _handler;

    /// <summary>Makes a client.</summary>
    /// <param name="address">The server.</param>
    /// <param name="connections">How many requests it sends at the same time.</param>
    /// <param name="key">The key that it sends; null for none.</param>
    public ImageClient(Uri address, int connections, string? key = null)
    {
        _handler = new() { MaxConnectionsPerServer = connections };
        Http = new(_handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        if (key is not null)
            Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    /// <summary>The client itself.</summary>
    public HttpClient Http { get; }

    /// <summary>Asks, and reads the answer to its end.</summary>
    /// <param name="path">The address.</param>
    /// <param name="asStream">Whether the steps are asked for.</param>
    /// <returns>The status; and whether a stream ended with its result, or an answer came whole.</returns>
    public async Task<(int Status, bool IsWhole)> AskAsync(string path, bool asStream = false)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "image", "image.png" },
            { new StringContent(Request), "request" },
        };
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        if (asStream)
            message.Headers.Accept.Add(new("text/event-stream"));
        using var response = await Http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Contains(asStream ? "event: result" : "\"results\"", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
