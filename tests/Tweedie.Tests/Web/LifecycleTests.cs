using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Web;

/// <summary>Models are replaced without a gap, and a server that is stopped lets requests end.</summary>
public sealed class LifecycleTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    [Fact]
    public async Task A_model_is_replaced_while_its_requests_run()
    {
        using var own = new TemporaryFolder();
        Copy(folders.Of("text-mdd"), own.File("writer"));
        await using var server = await TinyServer.StartAsync(folders, [], options => options.Models.Add(new(own.File("writer"))));
        var old = server.Models.All.Single();
        var hold = server.Block("writer");
        var waiting = server.PostAsync("/api/models/writer/generate", new { sampling = new { steps = 2 } });
        await TinyServer.UntilAsync(() => old.Gate.Waiting == 1, "it waits for the old version");

        using (var trained = TinyTextGenerator.Create(TinyTextGenerator.Options with { Denoiser = TinyTextGenerator.Options.Denoiser with { Depth = 2 } }))
            trained.Save(own.File("writer"));
        var (status, reloaded) = await server.PostAsync("/api/models/writer/reload", new { });
        var (_, answer) = await server.PostAsync("/api/models/writer/generate", new { sampling = new { steps = 2 } });

        status.Should().Be(200, reloaded.ToString());
        reloaded.GetProperty("method").GetString().Should().Be("tdd");
        var version = reloaded.GetProperty("version").GetString();
        version.Should().NotBe(old.Version);
        answer.GetProperty("version").GetString().Should().Be(version, "the new version answers while the old one is still busy");
        old.Gate.Ended.IsCompleted.Should().BeFalse();
        hold.Dispose();
        (await waiting).Body.GetProperty("version").GetString().Should().Be(old.Version, "a request ends with the version that it began with");
        await old.Gate.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        FluentActions.Invoking(() => old.Kind.Model.Resolve(null)).Should().Throw<ObjectDisposedException>("its memory is free");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_loaded_leaves_the_version_in_use()
    {
        using var own = new TemporaryFolder();
        Copy(folders.Of("text-mdd"), own.File("writer"));
        await using var server = await TinyServer.StartAsync(folders, [], options => options.Models.Add(new(own.File("writer"))));
        File.WriteAllText(Path.Combine(own.File("writer"), "config.json"), "{ damaged");

        (await server.RefusedAsync("/api/models/writer/reload", new { }, 500)).Should().Be("The version in use stays; the server's log says why.");
        (await server.PostAsync("/api/models/writer/generate", new { sampling = new { steps = 2 } })).Status.Should().Be(200);
        (await server.RefusedAsync("/api/models/nobody/reload", new { }, 404)).Should().StartWith("There is no model of that name");
    }

    [Fact]
    public async Task Two_versions_of_a_model_stand_side_by_side()
    {
        await using var server = await TinyServer.StartAsync(folders, [], options =>
        {
            options.Models.Add(new(folders.Of("text-mdd"), "old"));
            options.Models.Add(new(folders.Of("text-tdd"), "new"));
        });

        foreach (var name in new[] { "old", "new" })
            (await server.PostAsync($"/api/models/{name}/generate", new { sampling = new { steps = 2 } })).Body.GetProperty("model").GetString().Should().Be(name);
    }

    [Fact]
    public async Task A_server_that_is_stopped_refuses_what_is_new_and_finishes_what_runs()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.ShutdownTime = TimeSpan.FromMinutes(5));
        var hold = server.Block("text-mdd");
        var running = server.PostAsync("/api/models/text-mdd/generate", new { sampling = new { steps = 2 } });
        await TinyServer.UntilAsync(() => server.Waiting("text-mdd") == 1, "it waits");

        server.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await server.RefusedAsync("/api/models/text-mdd/generate", new { }, 503)).Should().Be("The server is being stopped.");
        using (var ready = await server.Client.GetAsync("/health/ready"))
            ((int)ready.StatusCode, (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString()).Should().Be((503, "stopping"));
        hold.Dispose();
        (await running).Status.Should().Be(200);
    }

    [Fact]
    public async Task Requests_that_do_not_end_in_time_are_told_so()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.ShutdownTime = TimeSpan.FromMilliseconds(50));
        using var hold = server.Block("text-mdd");
        var running = server.RefusedAsync("/api/models/text-mdd/generate", new { }, 503);
        await TinyServer.UntilAsync(() => server.Waiting("text-mdd") == 1, "it waits");

        server.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await running).Should().Be("The server is being stopped.");
    }

    [Fact]
    public async Task The_gallery_has_the_images_of_its_folder_and_nothing_else()
    {
        using var own = new TemporaryFolder();
        Directory.CreateDirectory(own.File("images/ring <b>"));
        File.WriteAllBytes(own.File("images/one.png"), TinyServer.Png());
        File.WriteAllBytes(own.File("images/ring <b>/two.png"), TinyServer.Png(1));
        File.WriteAllText(own.File("images/notes.txt"), "secret");
        File.WriteAllBytes(own.File("outside.png"), TinyServer.Png(2));
        await using var server = await TinyServer.StartAsync(folders, ["classifier"], options => options.Gallery = own.File("images"));

        var images = (await server.Client.GetFromJsonAsync<JsonElement>("/api/gallery")).GetProperty("images").EnumerateArray().ToList();

        images.Select(image => image.GetProperty("name").GetString()).Should().Equal("one.png", "ring <b>-two.png");
        images[1].GetProperty("label").GetString().Should().Be("ring <b>");
        (await server.Client.GetByteArrayAsync(images[1].GetProperty("url").GetString())).Should().Equal(TinyServer.Png(1));
        foreach (var path in new[] { "notes.txt", "..%2Foutside.png", "%2e%2e%2foutside.png", "images%2Fone.png", "one.png%00", "C:%5Cone.png" })
            ((int)(await server.Client.GetAsync($"/api/gallery/{path}")).StatusCode).Should().BeOneOf([404, 400], path);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
