using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Tweedie.Tests.Chromium))]

namespace Tweedie.Tests;

/// <summary>One browser for all tests of a program, which the first of them starts. Tests skip where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>How long to wait for what must come, in milliseconds: long, since other work may take the machine, and only a failure waits for all of it.</summary>
    internal const int Patience = 120_000;

    // the shell needs a third less time than the browser with its windows
    private static readonly string? Executable = new[] { "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(StartAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The browser itself.</summary>
    internal async Task<IBrowser> BrowserAsync()
    {
        Assert.SkipWhen(Executable is null, "needs Chromium in the PATH (Debian: apt-get install chromium-headless-shell)");
        return (await _started.Value).Browser;
    }

    /// <summary>Opens a page whose errors, failed requests included, are collected.</summary>
    internal async Task<(IPage Page, List<string> Errors)> OpenAsync(int width = 1280, int height = 900)
    {
        var page = await (await BrowserAsync()).NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        page.SetDefaultTimeout(Patience);
        var errors = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        page.PageError += (_, error) => errors.Add(error);
        page.RequestFailed += (_, request) => errors.Add(request.Url);
        return (page, errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated)
            return;
        var (playwright, browser) = await _started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Headless = true, Args = ["--no-sandbox"], Timeout = Patience }));
    }
}
