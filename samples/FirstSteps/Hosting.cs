using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Tweedie.Hosting;
using Tweedie.Models;

namespace FirstSteps;

/// <summary>Shows models as services of a host.</summary>
internal static class Hosting
{
    /// <summary>Registers the models, and asks each for something.</summary>
    public static async Task RunAsync()
    {
        var services = new ServiceCollection();
        services.AddTweedie(models => models
            .AddClassifier("model")
            .AddCaptioner("captioner")
            .AddTextGenerator("generator", key: "writer")
            .AddClip("clip"));
        await using var provider = services.BuildServiceProvider();

        await using var stream = File.OpenRead("cat.png");
        var answers = await provider.GetRequiredService<ImageClassifier>().ClassifyAsync(stream);
        Console.WriteLine($"classifier: {answers[0].Name}");

        var captioner = provider.GetRequiredService<IChatClient>();
        var message = new ChatMessage(ChatRole.User, [new DataContent(await File.ReadAllBytesAsync("cat.png"), "image/png")]);
        await foreach (var update in captioner.GetStreamingResponseAsync([message], new() { Seed = 1 }))
        {
            foreach (var draft in update.Contents.OfType<DraftContent>())
                if (draft.Step.Index % 25 == 0)
                    Console.WriteLine($"draft {draft.Step.Index}: {draft}");
            if (update.FinishReason == ChatFinishReason.Stop)
                Console.WriteLine($"caption: {update.Text}");
        }

        var writer = provider.GetRequiredKeyedService<IChatClient>("writer");
        Console.WriteLine($"writer: {await writer.GetResponseAsync("a small", new() { Seed = 1, Temperature = 0.8f })}");

        var embeddings = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var vectors = await embeddings.GenerateAsync(["a red dog", "the blue cat"]);
        Console.WriteLine($"cosine: {vectors[0].Vector.ToArray().Zip(vectors[1].Vector.ToArray(), (a, b) => a * b).Sum():F3}");
    }
}
