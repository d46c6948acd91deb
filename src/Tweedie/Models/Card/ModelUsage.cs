namespace Tweedie.Models;

/// <summary>How a model of a kind is used.</summary>
/// <param name="Command">A line of the command <c>tweedie</c>.</param>
/// <param name="Code">A few lines of C#; empty where a model is no use by itself.</param>
internal sealed record ModelUsage(string Command, string Code)
{
    /// <summary>The folder of the model in both.</summary>
    public const string Folder = "model";

    /// <summary>All kinds that the library knows.</summary>
    public static IReadOnlyDictionary<string, ModelUsage> All { get; } = new Dictionary<string, ModelUsage>
    {
        [ModelFolder.Classifier] = new("tweedie classify --model model photo.jpg", """
            using var classifier = ImageClassifier.Load("model");
            using var stream = File.OpenRead("photo.jpg");
            foreach (var answer in classifier.Classify(stream, top: 3))
                Console.WriteLine($"{answer.Name}: {answer.Probability:P1}");
            """),
        [ModelFolder.Captioner] = new("tweedie caption --model model photo.jpg", """
            using var captioner = ImageCaptioner.Load("model");
            using var stream = File.OpenRead("photo.jpg");
            Console.WriteLine(captioner.Caption(stream));
            """),
        [ModelFolder.Annotator] = new("tweedie annotate --model model photo.jpg", """
            using var annotator = ImageAnnotator.Load("model");
            using var images = annotator.Prepare([ImageDecoder.DecodeFile("photo.jpg")]);
            using var condition = annotator.Encode(images);
            foreach (var label in annotator.Annotate(condition)[0])
                Console.WriteLine($"{label.Name}: {label.Entry} ({label.Probability:P1})");
            """),
        [ModelFolder.TextGenerator] = new("tweedie generate --model model", """
            using var generator = TextGenerator.Load("model");
            foreach (var text in generator.Generate(count: 2, sampling: new SamplingOptions { Seed = 7 }))
                Console.WriteLine(text);
            """),
        [ModelFolder.RowGenerator] = new("tweedie generate --model model", """
            using var generator = RowGenerator.Load("model");
            foreach (var row in generator.Generate(count: 2, sampling: new SamplingOptions { Seed = 7 }))
                Console.WriteLine(string.Join(" ", generator.Columns.Decode(row)));
            """),
        [ModelFolder.Clip] = new("tweedie score --results captions.json --references references.json --clip model --images photos", """
            using var clip = ClipModel.Load("model");
            var image = clip.EmbedImages([ImageDecoder.DecodeFile("photo.jpg")])[0];
            foreach (var text in new[] { "a dog", "a cat" })
                Console.WriteLine($"{text}: {image.Zip(clip.EmbedTexts([text])[0], (a, b) => a * b).Sum():F3}");
            """),
        [ModelFolder.Encoder] = new("tweedie train --config photos.yaml --set encoderFrom=model", ""),
    };

    /// <summary>How a model of a kind is used; null for the models of a program's own.</summary>
    public static ModelUsage? Of(string kind) => All.GetValueOrDefault(kind);
}
