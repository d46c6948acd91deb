using Microsoft.Extensions.AI;
using Tweedie.Hosting;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Hosting;

/// <summary>Chat clients give what the models give, with drafts while they denoise, and refuse what they cannot do.</summary>
public sealed class ChatClientTests
{
    private static readonly SamplingOptions Few = new() { Steps = 5, Seed = 3 };
    private static readonly ChatOptions Asked = new() { RawRepresentationFactory = _ => Few };
    private static readonly byte[] Png = ImageWriter.ToPng(new RasterImage(20, 16, 3, [.. Enumerable.Range(0, 960).Select(i => (byte)(i * 31))]));

    [Fact]
    public async Task An_image_in_a_message_is_captioned()
    {
        using var captioner = TinyCaptioner.Create();
        var client = new CaptioningChatClient(captioner, "tiny");

        var response = await client.GetResponseAsync([new(ChatRole.User, "earlier"), Message("What is this?")], Asked);

        response.Text.Should().Be(captioner.Caption(ImageDecoder.Decode(Png, "png"), Few));
        (response.ModelId, response.FinishReason).Should().Be(("tiny", ChatFinishReason.Stop));
    }

    [Fact]
    public async Task Drafts_come_before_the_answer_and_are_not_its_text()
    {
        using var captioner = TinyCaptioner.Create();
        var client = new CaptioningChatClient(captioner);

        var updates = await client.GetStreamingResponseAsync([Message()], Asked).ToListAsync();

        var drafts = updates.SelectMany(update => update.Contents.OfType<DraftContent>()).ToList();
        drafts.Select(draft => draft.Step.Index).Should().Equal(0, 1, 2, 3, 4);
        updates.Take(5).Should().OnlyContain(update => update.Text == "");
        updates[^1].FinishReason.Should().Be(ChatFinishReason.Stop);
        updates.ToChatResponse().Text.Should().Be(drafts[^1].Text).And.Be((await client.GetResponseAsync([Message()], Asked)).Text);
    }

    [Fact]
    public async Task A_template_beside_the_image_holds_its_words()
    {
        using var captioner = TinyCaptioner.Create();

        (await new CaptioningChatClient(captioner).GetResponseAsync([Message("a [_] dog")], Asked)).Text.Should().MatchRegex("^a .*dog");
    }

    [Fact]
    public async Task A_generator_goes_on_from_the_last_message()
    {
        using var generator = TinyTextGenerator.Create();
        var client = new WritingChatClient(generator);

        var text = (await client.GetResponseAsync("a small", Asked)).Text;

        text.Should().Be(generator.Generate(1, "a small", sampling: Few)[0]);
        (await client.GetStreamingResponseAsync("a small", Asked).ToChatResponseAsync()).Text.Should().Be(text);
        (await client.GetResponseAsync("a small", new() { RawRepresentationFactory = _ => Few, MaxOutputTokens = 10 })).Text.Should()
            .Be(generator.Generate(1, "a small", 10, Few)[0]);
    }

    [Fact]
    public async Task Seed_and_temperature_are_those_of_the_chat_options()
    {
        using var generator = TinyTextGenerator.Create();
        var client = new WritingChatClient(generator);
        var options = new ChatOptions { Seed = 5, Temperature = 0.5f, TopP = 0.9f, RawRepresentationFactory = _ => Few };

        (await client.GetResponseAsync("a", options)).Text.Should()
            .Be(generator.Generate(1, "a", sampling: Few with { Seed = 5, ToOne = ToOneKind.Multinomial, Temperature = 0.5, TopP = 0.9f })[0]);
        options.Temperature = 0;
        options.TopP = null;
        (await client.GetResponseAsync("a", options)).Text.Should().Be(generator.Generate(1, "a", sampling: Few with { Seed = 5, ToOne = ToOneKind.Argmax })[0]);
    }

    [Fact]
    public async Task What_it_cannot_do_is_refused()
    {
        using var captioner = TinyCaptioner.Create();
        using var generator = TinyTextGenerator.Create();
        var caption = new CaptioningChatClient(captioner, limits: new() { MaximumPixels = 100 });
        var write = new WritingChatClient(generator);

        foreach (var options in new ChatOptions[] { new() { Instructions = "Be kind." }, new() { StopSequences = ["."] }, new() { TopK = 5 }, new() { ResponseFormat = ChatResponseFormat.Json } })
            await FluentActions.Awaiting(() => write.GetResponseAsync("a", options)).Should().ThrowAsync<NotSupportedException>().WithMessage("ChatOptions.*: a denoising model cannot follow it; *");
        await Fails(() => caption.GetResponseAsync("a dog"), "The message has 0 images; *");
        await Fails(() => caption.GetResponseAsync([new(ChatRole.System, "hm")]), "There is no message of the user to answer.");
        await Fails(() => caption.GetResponseAsync([new(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png")])]), "The message names its image by an address; *");
        await Fails(() => caption.GetResponseAsync([Message()]), "'the image of the message' cannot be read as an image: *more than the 100 in all*");
        await Fails(() => write.GetResponseAsync([Message()]), "The message has more than text; *");
        await FluentActions.Awaiting(() => write.GetStreamingResponseAsync("a", new() { MaxOutputTokens = 9 }).ToListAsync().AsTask()).Should().ThrowAsync<NotSupportedException>();

        static async Task Fails(Func<Task> call, string message) => await FluentActions.Awaiting(call).Should().ThrowAsync<TweedieException>().WithMessage(message);
    }

    [Fact]
    public void The_model_can_be_reached_through_the_client()
    {
        using var captioner = TinyCaptioner.Create();
        var client = new CaptioningChatClient(captioner, "tiny");

        client.GetService<ImageCaptioner>().Should().BeSameAs(captioner);
        client.GetService<ChatClientMetadata>()!.DefaultModelId.Should().Be("tiny");
        client.GetService<TextGenerator>().Should().BeNull();
        client.GetService<ImageCaptioner>("key").Should().BeNull();
    }

    private static ChatMessage Message(string? text = null) =>
        new(ChatRole.User, [.. text is null ? (AIContent[])[] : [new TextContent(text)], new DataContent(Png, "image/png")]);
}
