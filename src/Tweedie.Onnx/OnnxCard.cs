using Tweedie.Models;

namespace Tweedie.Onnx;

/// <summary>The card of an exported model: that of the model, with the exported files and how a program uses them.</summary>
internal static class OnnxCard
{
    /// <summary>The text of the card.</summary>
    /// <param name="model">The exported model.</param>
    /// <param name="card">The card of the model that was exported; null where it has none.</param>
    public static string Of(OnnxModelOptions model, ModelCard? card)
    {
        var kind = Words($"{model.Kind}");
        var about = card ?? new ModelCard { Kind = $"{char.ToLowerInvariant($"{model.Kind}"[0])}{$"{model.Kind}"[1..]}", Description = kind, Weights = model.Weights ?? "" };
        return about.ToMarkdown($"""
            This is the {kind} as ONNX graphs of operators of version {model.Opset}, with weights in {$"{model.Precision}".ToLowerInvariant()}. `{OnnxNames.Description}` describes it. In .NET, the package
            `Tweedie.Onnx.Runtime` runs it without libtorch; any other program with an ONNX runtime can run the graphs. `exported` stands for this folder.

            ```csharp
            {Code(model.Kind)}
            ```
            """.ReplaceLineEndings("\n"));
    }

    private static string Code(OnnxModelKind kind) => kind switch
    {
        OnnxModelKind.Classifier => """
            using var classifier = OnnxClassifier.Load("exported");
            foreach (var answer in classifier.Classify(ImageDecoder.DecodeFile("cat.jpg"), top: 3))
                Console.WriteLine($"{answer.Name}: {answer.Probability:P0}");
            """,
        OnnxModelKind.Captioner => """
            using var captioner = OnnxCaptioner.Load("exported");
            Console.WriteLine(captioner.Caption([ImageDecoder.DecodeFile("cat.jpg")])[0]);
            """,
        OnnxModelKind.Annotator => """
            using var annotator = OnnxAnnotator.Load("exported");
            foreach (var attribute in annotator.Annotate([ImageDecoder.DecodeFile("cat.jpg")])[0])
                Console.WriteLine($"{attribute.Name}: {attribute.Entry} ({attribute.Probability:P0})");
            """,
        OnnxModelKind.TextGenerator => """
            using var generator = OnnxGenerator.Load("exported");
            Console.WriteLine(generator.Generate()[0]);
            """,
        OnnxModelKind.RowGenerator => """
            using var generator = OnnxRowGenerator.Load("exported");
            var open = Enumerable.Repeat(ITokenRowSource.Missing, generator.Options.Tokens).ToArray();
            Console.WriteLine(string.Join(" ", generator.Fill([open])[0]));
            """,
        _ => """
            using var clip = OnnxClip.Load("exported");
            Console.WriteLine(clip.EncodeTexts(["a cat"])[0].Length);
            """,
    };

    // TextGenerator: text generator.
    private static string Words(string name) =>
        name == nameof(OnnxModelKind.Clip) ? "CLIP" : string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(letter) : $"{letter}"));
}
