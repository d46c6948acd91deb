using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tweedie.Web.Contracts;

namespace Tweedie.Web.Endpoints;

/// <summary>Server-sent events of a response.</summary>
/// <param name="response">The response.</param>
/// <param name="keepAlive">How long the stream is silent at most; then a comment is sent.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class EventStream(HttpResponse response, TimeSpan keepAlive, CancellationToken cancellation)
{
    /// <summary>The stream's type.</summary>
    public const string MediaType = "text/event-stream";

    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    /// <summary>Sends an event at once.</summary>
    /// <param name="name">Its name; null for an event without one.</param>
    /// <param name="data">What is written as JSON.</param>
    public Task SendAsync(string? name, object data) => WriteAsync(Encode(name, JsonSerializer.Serialize(data, data.GetType(), WebJson.Options)), cancellation);

    /// <summary>Sends an event although the stream has been ended.</summary>
    public async Task SendLastAsync(string name, object data)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await WriteAsync(Encode(name, JsonSerializer.Serialize(data, data.GetType(), WebJson.Options)), patience.Token);
    }

    /// <summary>Sends a line of text as an event without a name.</summary>
    public Task SendTextAsync(string text) => WriteAsync(Encode(null, text), cancellation);

    /// <summary>Reads a channel to its end, and sends comments while it is silent.</summary>
    public async Task ForEachAsync<T>(ChannelReader<T> reader, Func<T, Task> send)
    {
        while (true)
        {
            var more = reader.WaitToReadAsync(cancellation).AsTask();
            while (!more.IsCompleted)
            {
                try
                {
                    await more.WaitAsync(keepAlive, cancellation);
                }
                catch (TimeoutException) when (!more.IsCompleted)
                {
                    await WriteAsync(Comment, cancellation);
                }
            }
            if (!await more)
                return;
            while (reader.TryRead(out var item))
                await send(item);
        }
    }

    private static byte[] Encode(string? name, string data) => Encoding.UTF8.GetBytes(name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n");

    private async Task WriteAsync(byte[] bytes, CancellationToken end)
    {
        if (!response.HasStarted)
        {
            response.ContentType = MediaType;
            response.Headers["X-Accel-Buffering"] = "no"; // proxies pass events on at once
            response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }
        await response.Body.WriteAsync(bytes, end);
        await response.Body.FlushAsync(end);
    }
}
