using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>What the user sets reaches the server, and nothing else does.</summary>
public sealed class SettingsTests(Chromium chromium)
{
    [Fact]
    public async Task Empty_fields_leave_the_models_defaults()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        (await visit.Field("Steps").GetAttributeAsync("placeholder")).Should().Be("10");
        (await visit.Field("Guidance").GetAttributeAsync("placeholder")).Should().Be("1");
        await visit.TakeFromGalleryAsync();
        server.Asked.Single().Request.Sampling.Should().Be(new FakeSampling { Seed = 0 });
    }

    [Fact]
    public async Task Every_setting_reaches_the_server()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.Field("Steps").FillAsync("7");
        await visit.Field("Sampler").SelectOptionAsync("ddim");
        await visit.Field("Guidance").FillAsync("1.5");
        (await visit.Field("Temperature").IsDisabledAsync()).Should().BeTrue("argmax takes none");
        await visit.Field("Words are").SelectOptionAsync("multinomial");
        await visit.Field("Temperature").FillAsync("0.8");
        await visit.Field("Seed").FillAsync("42");
        await visit.Field("Candidates").FillAsync("3");
        await visit.TakeFromGalleryAsync();

        var expected = new FakeSampling { Steps = 7, Sampler = "ddim", Guidance = 1.5, ToOne = "multinomial", Temperature = 0.8, Seed = 42 };
        server.Asked.Select(asked => (asked.Streams, asked.Request.Sampling)).Should().Equal((true, expected), (false, expected with { Draws = 3 }));
        (await visit.Lane("scenes").Locator(".others li").CountAsync()).Should().Be(3);
        (await visit.Lane("scenes").Locator(".where").InnerTextAsync()).Should().StartWith("step 7 of 7");
    }

    [Fact]
    public async Task Another_seed_is_drawn_by_a_button()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Another seed" }).ClickAsync();
        var seed = await visit.Field("Seed").InputValueAsync();
        await visit.TakeFromGalleryAsync();
        server.Asked.Single().Request.Sampling!.Seed.Should().Be(long.Parse(seed)).And.NotBe(0);
    }

    [Theory]
    [InlineData("Steps", "0")]
    [InlineData("Steps", "201")]
    [InlineData("Guidance", "-1")]
    [InlineData("Candidates", "9")]
    [InlineData("Seed", "")]
    public async Task A_value_out_of_range_is_not_sent(string field, string value)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.Field(field).FillAsync(value);
        await visit.StartAsync();
        (await visit.Field(field).EvaluateAsync<bool>("input => input === document.activeElement && !input.validity.valid")).Should().BeTrue("the browser points at the field");
        server.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task A_model_without_the_chosen_sampler_says_so_and_uses_its_own()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("scenes", "scenes-ar", "scenes-masked", "head");
        await visit.Field("Sampler").SelectOptionAsync("posterior");
        await visit.Field("Steps").FillAsync("7");
        await visit.TakeFromGalleryAsync();
        server.Asked.ToDictionary(asked => asked.Model, asked => asked.Request.Sampling).Should().BeEquivalentTo(new Dictionary<string, FakeSampling?>
        {
            ["scenes"] = new() { Sampler = "posterior", Steps = 7 },
            ["scenes-masked"] = new() { Steps = 7 },
            ["scenes-ar"] = new(),
            ["head"] = null,
        });
        (await visit.Lane("scenes-ar").InnerTextAsync()).Should().Contain("scenes-ar has one step per token and takes no steps.");
        (await visit.Lane("head").InnerTextAsync()).Should().Contain("head reads its answer off in one pass and takes no steps.");
        (await visit.Lane("scenes-ar").InnerTextAsync()).Should().Contain("scenes-ar has no sampler posterior and uses its own.");
    }

    [Fact]
    public async Task The_order_of_unmasking_is_the_sampler_of_masked_diffusion()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("scenes-masked");
        await visit.Field("Sampler").SelectOptionAsync("ancestral");
        await visit.TakeFromGalleryAsync();
        server.Asked.Single().Request.Sampling.Should().Be(new FakeSampling { Unmasking = "ancestral" });
    }

    [Fact]
    public async Task The_request_is_copied_as_a_command_and_as_code()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy as curl" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".said")).ToHaveTextAsync("Copied as curl.");
        var curl = await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        curl.Should().Contain($"'{server.Address}api/models/scenes/caption'").And.Contain("""-F 'image=@"one.png"'""").And.Contain("""--form-string 'request={"sampling":{"seed":0},"top":8}'""");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy as C#" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".said")).ToHaveTextAsync("Copied as C#.");
        (await visit.Page.Locator(".copying code").InnerTextAsync()).Should().Contain(""""{"sampling":{"seed":0},"top":8}"""").And.Contain("SseParser");
    }
}
