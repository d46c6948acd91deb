using TorchSharp;

namespace Tweedie.Formats;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where its bytes end (exclusive).</param>
internal sealed record SafeTensorInfo(string Name, torch.ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End);
