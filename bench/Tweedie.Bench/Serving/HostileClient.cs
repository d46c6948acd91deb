using System.Net;
using System.Net.Sockets;
using System.Text;
using Tweedie.Images;

namespace Tweedie.Bench.Serving;

/// <summary>
/// A client that means harm: it uploads slowly or without end, closes sockets halfway, sends bombs, broken forms and doubled headers, and guesses names and keys. Each
/// attempt ends with the status that the server gave, or <c>closed</c>.
/// </summary>
/// <param name="address">The server.</param>
internal sealed class HostileClient(Uri address)
{
    private const string Classify = "POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\n", Json = "Content-Type: application/json\r\n";
    private static readonly string Authorization = $"Authorization: Bearer {ServerProcess.Key}\r\n";
    private static readonly byte[] Bomb = ImageWriter.ToPng(new RasterImage(1200, 1200, 1, new byte[1200 * 1200])); // more pixels than the server takes

    /// <summary>What it tries, and the answers that are right.</summary>
    public IReadOnlyList<(string Name, Func<Task<string>> Try, string[] Right)> Attempts =>
    [
        ("slow upload", () => SendAsync($"{Classify}{Authorization}{Json}Content-Length: 1000\r\n\r\n", drip: 2 * ServerProcess.Deadline), ["408", "504", "closed"]),
        ("socket closed halfway", () => SendAsync($"{Classify}{Authorization}{Json}Content-Length: 1000\r\n\r\n{{", halfClose: true), ["400", "closed"]),
        ("endless body", () => SendAsync($"{Classify}{Authorization}{Json}Transfer-Encoding: chunked\r\n\r\n", endless: true), ["413", "closed"]),
        ("decompression bomb", () => FormAsync(Bomb), ["400"]),
        ("no image", () => FormAsync("no image"u8.ToArray()), ["400"]),
        ("malformed JSON", () => SendAsync(WithBody("{\"images\":[[[", Authorization)), ["400"]),
        ("malformed form", () => SendAsync($"{Classify}{Authorization}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 7\r\n\r\n--x\r\na:", halfClose: true), ["400", "closed"]),
        ("two lengths", () => SendAsync($"{Classify}{Authorization}{Json}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{{}}{{}}{{}}", halfClose: true), ["400", "closed"]),
        ("length and chunks", () => SendAsync($"{Classify}{Authorization}{Json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", halfClose: true), ["400", "closed"]),
        ("a path as a name", () => SendAsync($"GET /api/models/..%2F..%2Fetc%2Fpasswd HTTP/1.1\r\nHost: localhost\r\n{Authorization}Connection: close\r\n\r\n"), ["400", "404"]),
        ("wrong key", () => SendAsync(WithBody("{}", "Authorization: Bearer another key that nobody has given\r\n")), ["401", "429"]),
        ("page of another site", () => SendAsync(WithBody("{}", $"{Authorization}Origin: https://elsewhere.example\r\n")), ["403"]),
        ("stream that is left", LeaveStreamAsync, ["left", "429"]),
    ];

    private static string WithBody(string body, string headers) => $"{Classify}{headers}{Json}Connection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private async Task<string> FormAsync(byte[] image)
    {
        using var client = new ImageClient(address, 1, ServerProcess.Key);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(image), "image", "image.png" } };
        using var response = await client.Http.PostAsync("/api/models/classifier/classify", form);
        return $"{(int)response.StatusCode}";
    }

    private async Task<string> LeaveStreamAsync()
    {
        using var client = new ImageClient(address, 1, ServerProcess.Key);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(ImageClient.Png), "image", "image.png" },
            { new StringContent("""{ "sampling": { "steps": 500 } }"""), "request" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/models/captioner/caption") { Content = form };
        request.Headers.Accept.Add(new("text/event-stream"));
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
            return $"{(int)response.StatusCode}";
        await using var stream = await response.Content.ReadAsStreamAsync();
        _ = await stream.ReadAsync(new byte[200]);
        return "left";
    }

    // Sends a head, then nothing, a byte per second, or bytes without end; and reads the status of the answer.
    private async Task<string> SendAsync(string head, bool halfClose = false, bool endless = false, int drip = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, patience.Token);
        var read = StatusAsync(socket, patience.Token);
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(head), patience.Token);
            for (var second = 0; second < drip && !read.IsCompleted; second++)
            {
                await socket.SendAsync(" "u8.ToArray(), patience.Token);
                await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(1), patience.Token));
            }
            while (endless && !read.IsCompleted)
                await socket.SendAsync(Encoding.Latin1.GetBytes($"1000\r\n{new string(' ', 0x1000)}\r\n"), patience.Token);
            if (halfClose)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // the server has hung up; what it said before may still be read
        }
        return await read;
    }

    private static async Task<string> StatusAsync(Socket socket, CancellationToken cancellation)
    {
        var (buffer, answer) = (new byte[4096], new StringBuilder());
        try
        {
            while (answer.Length < 12 && await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // the server has hung up
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
        return answer.Length >= 12 ? answer.ToString(9, 3) : "closed";
    }
}
