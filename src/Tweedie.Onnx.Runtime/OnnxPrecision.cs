using System.Diagnostics.CodeAnalysis;

namespace Tweedie.Onnx;

/// <summary>How the weights of an exported model are stored.</summary>
public enum OnnxPrecision
{
    /// <summary>Single precision, as libtorch computes.</summary>
    F32,
    /// <summary>Half precision in the file, and single precision in computing: files of half the size.</summary>
    F16,
    /// <summary>
    /// The linear layers of blocks and of the output multiply 8-bit whole numbers: their weights are quantised column by column, and what goes in when the graph
    /// runs. All else stays in single precision.
    /// </summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The type is what the name says.")]
    Int8,
}
