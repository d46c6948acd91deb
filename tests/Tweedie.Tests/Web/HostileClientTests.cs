using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Tweedie.Tests.Data;
using Tweedie.Web;

namespace Tweedie.Tests.Web;

/// <summary>Nothing that a client sends makes the server fall, tell of itself or forget its limits.</summary>
public sealed class HostileClientTests(ServedFolders folders) : IClassFixture<ServedFolders>, IAsyncLifetime
{
    private const string Classify = "/api/models/classifier/classify";
    private TinyServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TinyServer.StartAsync(folders, ["classifier", "text-mdd"],
        options => options.Limits = options.Limits with { BodyBytes = 100_000, ImageBytes = 50_000, Pixels = 1_000_000, Deadline = TimeSpan.FromMinutes(2) });

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var image = Form(TinyServer.Png());
            using var response = await _server.Client.PostAsync(Classify, image);
            response.StatusCode.Should().Be(HttpStatusCode.OK, "after all that it still answers");
        }
        finally
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"images\":5}")]
    [InlineData("{\"images\":[null]}")]
    [InlineData("{\"images\":[\"data:image/png;base64,###\"]}")]
    [InlineData("{\"top\":1e999}")]
    [InlineData("{\"top\":99999999999999999999}")]
    [InlineData("{\"top\":1,\"top\":2}")]
    [InlineData("{\"sampling\":{\"seed\":\"0\"}}")]
    [InlineData("{\"sampling\":{\"seed\":null}}")]
    [InlineData("{\"sampling\":[]}")]
    [InlineData("{\"sampling\":{\"sampler\":3}}")]
    [InlineData("{\"__proto__\":{}}")]
    [InlineData("{\"\\u0000\\n\":1}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}")]
    [InlineData("{\"images\":[\"data:image/png;base64,\"]} trailing")]
    public async Task Malformed_json_is_refused_in_one_line(string json)
    {
        using var response = await _server.Client.PostAsync(Classify, new StringContent(json, new MediaTypeHeaderValue("application/json")));

        await TinyServer.ProblemAsync(response, 400);
    }

    [Theory]
    [InlineData("multipart/form-data", "")]
    [InlineData("multipart/form-data; boundary=\"\"", "")]
    [InlineData("multipart/form-data; boundary=x", "")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nendless")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\n\r\nno name\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{}\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"../../etc/passwd\"\r\n\r\nnot an image\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\ne: 1\r\nf: 1\r\ng: 1\r\nh: 1\r\ni: 1\r\n\r\n1\r\n--x--\r\n")]
    public async Task Malformed_forms_are_refused_in_one_line(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await _server.Client.PostAsync(Classify, content);

        await TinyServer.ProblemAsync(response, 400);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("no type at all")]
    public async Task Other_types_are_not_understood(string type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await _server.Client.PostAsync(Classify, content);

        (await TinyServer.ProblemAsync(response, 415)).Should().StartWith("Send application/json");
    }

    [Fact]
    public async Task Bodies_and_images_beyond_the_limits_are_refused()
    {
        using var large = await _server.Client.PostAsync(Classify, new ByteArrayContent(new byte[200_000]) { Headers = { ContentType = new("application/json") } });
        (await TinyServer.ProblemAsync(large, 413)).Should().Contain("larger than");

        using var endless = new HttpRequestMessage(HttpMethod.Post, Classify) { Content = new StreamContent(new Endless()) { Headers = { ContentType = new("application/json") } } };
        endless.Headers.TransferEncodingChunked = true;
        try
        {
            using var refused = await _server.Client.SendAsync(endless);
            ((int)refused.StatusCode).Should().Be(413);
        }
        catch (HttpRequestException)
        {
            // the server has closed the connection while the client still sent
        }

        using var tooLarge = Form(new byte[60_000]);
        using var image = await _server.Client.PostAsync(Classify, tooLarge);
        (await TinyServer.ProblemAsync(image, 413)).Should().Be("Image 1 has 60000 bytes, and this server takes 50000; shrink it.");

        using var bomb = Form(Encoded.Image(Encoded.Plain(2000, 2000, 9, 9, 9), ".png"));
        using var claimed = await _server.Client.PostAsync(Classify, bomb);
        (await TinyServer.ProblemAsync(claimed, 400)).Should().Contain("the header claims 2000 x 2000 pixels, more than the 1000000");

        using var many = Form([.. Enumerable.Range(0, 40).Select(_ => TinyServer.Png())]);
        using var counted = await _server.Client.PostAsync(Classify, many);
        (await TinyServer.ProblemAsync(counted, 400)).Should().Be("images = 33: is more than the 32 that this server allows.");

        // A compressed body is not expanded, so there is nothing that could explode.
        using var gzip = new ByteArrayContent(Encoded.Gzip(new byte[10_000_000])) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        using var expanded = await _server.Client.PostAsync(Classify, gzip);
        await TinyServer.ProblemAsync(expanded, 400);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%2e%2e%5c%2e%2e")]
    [InlineData("classifier%00")]
    [InlineData("classifier%2Fmodel")]
    [InlineData("%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("CLASSIFIER")]
    public async Task A_name_is_never_a_path(string name)
    {
        using var response = await _server.Client.GetAsync($"/api/models/{name}");
        var text = await response.Content.ReadAsStringAsync();

        ((int)response.StatusCode).Should().BeOneOf(400, 404);
        text.Should().NotContainAny("<script>", folders.Of(""), "root:");
    }

    [Fact]
    public async Task Markup_in_class_names_is_data()
    {
        using var form = Form(TinyServer.Png());
        using var response = await _server.Client.PostAsync(Classify, form);
        var text = await response.Content.ReadAsStringAsync();

        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        text.Should().NotContain("<script>").And.Contain("\\u003Cscript\\u003E", "even where somebody reads it as a page, nothing runs");
    }

    [Theory]
    [InlineData("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/models HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}")]
    [InlineData("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nHost: other\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /api/models/classifier/classify HTTP/1.1\r\nHost : localhost\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 no HTTP at all\r\n\r\n")]
    public async Task Smuggled_headers_are_refused(string request)
    {
        var answer = await RawAsync(request, halfClose: true);

        answer.Should().MatchRegex("^(HTTP/1.1 (400|415|501|403) |$)").And.NotContain("HTTP/1.1 200");
    }

    [Fact]
    public async Task A_socket_that_is_closed_halfway_is_let_go()
    {
        var answer = await RawAsync("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"images\":", halfClose: true);

        answer.Should().MatchRegex("^(HTTP/1.1 400 |$)");
    }

    [Fact]
    public async Task A_slow_upload_ends_at_its_deadline()
    {
        await using var impatient = await TinyServer.StartAsync(folders, ["classifier"], options => options.Limits = options.Limits with { Deadline = TimeSpan.FromMilliseconds(300) });

        var answer = await RawAsync("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"images\":", halfClose: false, impatient);

        answer.Should().StartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task Uploads_that_are_under_way_are_bounded_together()
    {
        await using var small = await TinyServer.StartAsync(folders, ["classifier"], options => options.Limits = options.Limits with { BodyBytes = 1000, UploadBytes = 1500 });
        using var slow = await ConnectAsync(small);
        await slow.SendAsync(Encoding.Latin1.GetBytes("POST /api/models/classifier/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"));

        HttpResponseMessage? refused = null;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (refused?.StatusCode != HttpStatusCode.TooManyRequests) // until the server has read the first one's head
        {
            patience.Token.ThrowIfCancellationRequested();
            refused?.Dispose();
            refused = await small.Client.PostAsync(Classify, new StringContent("{ \"top\": 1" + new string(' ', 600) + "}", new MediaTypeHeaderValue("application/json")), patience.Token);
        }

        (await TinyServer.ProblemAsync(refused, 429)).Should().Be("Too many uploads are under way; send it again.");
        refused.Headers.RetryAfter.Should().NotBeNull();
        refused.Dispose();
    }

    [Fact]
    public void Nothing_of_the_package_writes_to_a_disk()
    {
        using var file = File.OpenRead(typeof(TweedieServer).Assembly.Location);
        using var assembly = new PEReader(file);
        var reader = assembly.GetMetadataReader();
        var known = reader.TypeReferences.Select(reader.GetTypeReference).Select(type => reader.GetString(type.Name)).ToList();

        known.Should().Contain("MultipartReader").And.NotContain(["FileStream", "FileBufferingReadStream", "FileBufferingWriteStream", "IFormFile", "IFormCollection", "StreamWriter"]);
    }

    private static MultipartFormDataContent Form(params byte[][] images)
    {
        var form = new MultipartFormDataContent();
        foreach (var image in images)
            form.Add(new ByteArrayContent(image), "image", "image.png");
        return form;
    }

    private static async Task<Socket> ConnectAsync(TinyServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        return socket;
    }

    private async Task<string> RawAsync(string request, bool halfClose, TinyServer? server = null)
    {
        using var socket = await ConnectAsync(server ?? _server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        if (halfClose)
            socket.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var count)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // the server has hung up
        }
        return answer.ToString();
    }

    /// <summary>A body that never ends.</summary>
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)' ', offset, count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
