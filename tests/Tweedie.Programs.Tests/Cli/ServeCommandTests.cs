using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Tweedie.Tests.Web;

namespace Tweedie.Tests.Cli;

/// <summary>The command that serves models, as a process.</summary>
public sealed class ServeCommandTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const string Key = "a-key-that-is-long-enough";

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_says_where_it_listens_answers_and_stops_when_it_is_told(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        using var server = CommandLine.Start(["serve", "--model", $"writer={folders.Of("text-mdd")}", "--model", folders.Of("classifier"), "--urls", "http://127.0.0.1:0"], [("TWEEDIE_KEYS", Key)]);
        try
        {
            var line = await server.StandardOutput.ReadLineAsync();
            line.Should().StartWith("Listening on http://127.0.0.1:");
            using var client = new HttpClient { BaseAddress = new(line!["Listening on ".Length..]) };

            ((int)(await client.GetAsync("/api/models")).StatusCode).Should().Be(401);
            client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
            (await client.GetFromJsonAsync<JsonElement>("/api/models")).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()).Should().Equal("writer", "classifier");
            (await client.PostAsJsonAsync("/api/models/writer/generate", new { sampling = new { steps = 2 } })).IsSuccessStatusCode.Should().BeTrue();

            using var kill = Process.Start("kill", [$"-{signal}", $"{server.Id}"]);
            await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await server.WaitForExitAsync(patience.Token);
            (server.ExitCode, await server.StandardError.ReadToEndAsync()).Should().Be((0, ""), "this is how a server ends");
            (await server.StandardOutput.ReadToEndAsync()).Should().Contain("Stopping");
        }
        finally
        {
            if (!server.HasExited)
                server.Kill();
        }
    }

    [Fact]
    public void Mistakes_are_named_in_one_line()
    {
        var model = folders.Of("text-mdd");
        CommandLine.Run("serve", "--model", model, "--urls", "http://0.0.0.0:0").ShouldBeOneLineError(1, "can be reached from other machines", "--keys", "--no-key");
        CommandLine.Run("serve", "--model", model, "--urls", "nowhere").ShouldBeOneLineError(1, "'nowhere'", "http://127.0.0.1:5080");
        CommandLine.Run("serve", "--model", model, "--model", model).ShouldBeOneLineError(1, "Two models are called", "NAME=DIR");
        CommandLine.Run("serve", "--model", folders.Of("nothing")).ShouldBeOneLineError(1, folders.Of("nothing"));
        CommandLine.Run("serve", "--model", model, "--queue-length", "0").ShouldBeOneLineError(2, "--queue-length = 0");
        var keys = folders.Of("keys.txt");
        File.WriteAllText(keys, "# none\n");
        CommandLine.Run("serve", "--model", model, "--keys", keys).ShouldBeOneLineError(1, keys, "has no key");
        CommandLine.Run("serve").ShouldBeOneLineError(2, "--model");
    }
}
