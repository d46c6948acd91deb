namespace Tweedie.Onnx;

/// <summary>What an exported model does.</summary>
public enum OnnxModelKind
{
    /// <summary>Names what an image shows.</summary>
    Classifier,
    /// <summary>Writes a sentence about an image.</summary>
    Captioner,
    /// <summary>Writes texts.</summary>
    TextGenerator,
    /// <summary>Fills in rows of a table.</summary>
    RowGenerator,
    /// <summary>Turns images and texts into vectors of one space.</summary>
    Clip,
    /// <summary>Predicts several attributes of an image.</summary>
    Annotator,
}

/// <summary>What the states are that an exported model denoises.</summary>
public enum OnnxState
{
    /// <summary>There are none: the answer takes one pass.</summary>
    None,
    /// <summary>Noisy one-hot vectors, shape (B, N, K), float32.</summary>
    OneHot,
    /// <summary>Noisy one-hot vectors embedded by W, shape (B, N, d), float32.</summary>
    Embedded,
    /// <summary>Tokens, and K in place of those that are hidden: shape (B, N), int64.</summary>
    Masked,
    /// <summary>The tokens that are decided, from the left, in an autoregressive model: shape (B, tokens so far), int64.</summary>
    Prefix,
}
