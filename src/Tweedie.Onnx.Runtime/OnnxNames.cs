namespace Tweedie.Onnx;

/// <summary>The files of an exported model, and the names of the inputs and outputs that come in numbers.</summary>
public static class OnnxNames
{
    /// <summary>The description of the model, an <see cref="OnnxModelOptions"/>.</summary>
    public const string Description = "model.json";

    /// <summary>From images, or from the features of a frozen encoder, to the condition's keys and values.</summary>
    public const string Encoder = "encoder.onnx";

    /// <summary>One denoising step.</summary>
    public const string Step = "step.onnx";

    /// <summary>From tokens and noise to noisy states.</summary>
    public const string Corruption = "corrupt.onnx";

    /// <summary>The whole re-noise loop as one graph.</summary>
    public const string Sampler = "sampler.onnx";

    /// <summary>A classifier with a linear head or an MLP: from images, or features, to logits.</summary>
    public const string Classifier = "classifier.onnx";

    /// <summary>CLIP's image tower.</summary>
    public const string ImageTower = "image.onnx";

    /// <summary>CLIP's text tower.</summary>
    public const string TextTower = "text.onnx";

    /// <summary>The keys of condition tokens in a block, shape (B, heads, M, d/heads).</summary>
    public static string Keys(int block) => $"keys.{block}";

    /// <summary>The values of condition tokens in a block, of the same shape.</summary>
    public static string Values(int block) => $"values.{block}";

    /// <summary>The keys and values of all blocks with their shapes; none where a model has no condition.</summary>
    internal static (string Name, int[] Shape)[] Context(OnnxModelOptions model)
    {
        if (model.ConditionTokens == 0)
            return [];
        int[] shape = [-1, model.Heads, model.ConditionTokens, model.Width / model.Heads];
        return [.. Enumerable.Range(0, model.Depth).SelectMany(block => new[] { (Keys(block), shape), (Values(block), shape) })];
    }
}
