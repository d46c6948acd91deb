using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Samples;

/// <summary>The sample <c>samples/Serving</c> serves a model in a program of ASP.NET Core.</summary>
public sealed partial class ServingTests
{
    [Fact]
    public async Task The_sample_serves_its_model_and_the_page()
    {
        using var folder = new TemporaryFolder();
        using (var classifier = TinyClassifier.Create())
            classifier.Save(folder.File("runs/photos/model"));
        using var server = new SampleProgram("Serving").Begin(folder.Path, "--urls", "http://127.0.0.1:0");
        try
        {
            var address = "";
            while (address == "" && await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                address = Address().Match(line).Value;
            using var client = new HttpClient { BaseAddress = new(address) };

            var models = await client.GetFromJsonAsync<JsonElement>("/api/models", TestContext.Current.CancellationToken);
            models.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()).Should().Equal("photos");
            (await client.GetStringAsync("/", TestContext.Current.CancellationToken)).Should().Contain("<title>Tweedie");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
