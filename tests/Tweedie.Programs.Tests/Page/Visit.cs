using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Tweedie.Tests.Page;

/// <summary>One user before the page. When the visit ends, the console must be free of errors, and nothing may have been asked of another host.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly string[] _expected;
    private readonly IBrowserContext _context;

    private Visit(IBrowserContext context, IPage page, string[] expected) => (_context, Page, _expected) = (context, page, expected);

    public IPage Page { get; }

    /// <summary>Opens the page.</summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="address">The server's.</param>
    /// <param name="scheme">Dark or light.</param>
    /// <param name="width">390 is a phone.</param>
    /// <param name="reducedMotion">Whether steps are shown at once, so that tests need not wait for them; true by default.</param>
    /// <param name="expected">Parts of the errors that the browser itself may log, such as "401".</param>
    public static async Task<Visit> OpenAsync(Chromium chromium, string address, ColorScheme scheme = ColorScheme.Dark, int width = 1280, bool reducedMotion = true, params string[] expected)
    {
        var context = await (await chromium.BrowserAsync()).NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Chromium.Patience);
        var visit = new Visit(context, page, expected);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") visit._errors.Enqueue(message.Text); };
        page.PageError += (_, error) => visit._errors.Enqueue(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)) visit._errors.Enqueue($"asked of another host: {request.Url}"); };
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync(".lane, .empty-stage, dialog[open]");
        return visit;
    }

    /// <summary>Takes the first image of the gallery, which runs the chosen models, and waits for their answers.</summary>
    public async Task TakeFromGalleryAsync()
    {
        await Page.Locator(".gallery [data-name='one.png']").ClickAsync();
        await DoneAsync();
    }

    /// <summary>Chooses one model alone.</summary>
    public async Task ChooseAsync(params string[] models)
    {
        foreach (var box in await Page.Locator("input[name=model]").AllAsync())
            await box.SetCheckedAsync(Array.IndexOf(models, await box.GetAttributeAsync("value")) >= 0);
    }

    public Task FamilyAsync(string name) => Page.Locator("#families").GetByText(name, new() { Exact = true }).ClickAsync();

    public Task StartAsync() => Page.GetByRole(AriaRole.Button, new() { Name = "Denoise", Exact = true }).ClickAsync();

    public async Task RunAsync()
    {
        await StartAsync();
        await DoneAsync();
    }

    /// <summary>Waits until every lane has its answer.</summary>
    public Task DoneAsync() => Page.WaitForFunctionAsync("() => { const lanes = [...document.querySelectorAll('.lane')]; return lanes.length > 0 && lanes.every(lane => !lane.classList.contains('running') && /steps? in/.test(lane.querySelector('.state').textContent)); }");

    /// <summary>A field of the settings.</summary>
    public ILocator Field(string name) => Page.GetByLabel(name, new() { Exact = true });

    public ILocator Lane(string model) => Page.GetByRole(AriaRole.Article, new() { Name = model, Exact = true });

    public Task<string> SentenceAsync(string model) => Lane(model).Locator(".sentence").InnerTextAsync();

    public ILocator Word(string text) => Page.Locator(".sentence .word", new() { HasTextString = text }).First;

    public Task GoToAsync(int step, string model = "scenes") => Lane(model).Locator(".scrubber input").FillAsync($"{step - 1}");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _errors.Where(error => !Array.Exists(_expected, part => error.Contains(part, StringComparison.Ordinal))).Should().BeEmpty();
    }
}
