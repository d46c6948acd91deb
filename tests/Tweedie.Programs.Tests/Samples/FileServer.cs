using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Logging;

namespace Tweedie.Tests.Samples;

/// <summary>Serves two folders on the loopback: one at the root, the other below <c>/case</c>.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly WebApplication _app;

    private FileServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<FileServer> StartAsync(string root, string @case)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/case/{**path}", (string path) => Send(Path.Combine(@case, path)));
        app.MapGet("/{**path}", (string path) => Send(Path.Combine(root, path)));
        await app.StartAsync();
        return new(app);
    }

    private static IResult Send(string file) => File.Exists(file)
        ? Results.File(file, Types.TryGetContentType(file, out var type) ? type : null)
        : Results.NotFound();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
