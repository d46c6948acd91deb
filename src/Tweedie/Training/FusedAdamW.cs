using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// AdamW's update on the CPU in one pass over memory. It reads weight, gradient and moments once and writes weight and moments once, where separate tensor
/// operations would pass over them ten times. It works element by element, so the result does not depend on threads.
/// </summary>
internal static class FusedAdamW
{
    private const int Block = 1 << 16; // elements per task: enough to amortise its cost, few enough to spread the work evenly

    /// <summary>The constants of one step.</summary>
    /// <param name="Beta1">β₁.</param>
    /// <param name="Beta2">β₂.</param>
    /// <param name="StepSize">learning rate / (1 − β₁^t).</param>
    /// <param name="InverseRoot">1 / √(1 − β₂^t).</param>
    /// <param name="Epsilon">ε.</param>
    /// <param name="Keep">1 − learning rate · weight decay.</param>
    internal readonly record struct Constants(float Beta1, float Beta2, float StepSize, float InverseRoot, float Epsilon, float Keep);

    /// <summary>Changes values and moments by one step. All are contiguous float32 of one length, on the CPU.</summary>
    public static unsafe void Step(Tensor values, Tensor gradients, Tensor mean, Tensor square, Constants constants)
    {
        var length = values.numel();
        float* value = Address(values), gradient = Address(gradients), first = Address(mean), second = Address(square);
        Parallel.For(0, (length + Block - 1) / Block, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, block =>
        {
            var start = block * Block;
            var count = (int)Math.Min(Block, length - start);
            Update(new(value + start, count), new(gradient + start, count), new(first + start, count), new(second + start, count), constants);
        });
    }

    private static void Update(Span<float> values, ReadOnlySpan<float> gradients, Span<float> mean, Span<float> square, Constants constants)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = new Vector<float>(gradients[i..]);
            var first = Vector.FusedMultiplyAdd(gradient, new(1 - constants.Beta1), new Vector<float>(mean[i..]) * constants.Beta1);
            var second = Vector.FusedMultiplyAdd(gradient * gradient, new(1 - constants.Beta2), new Vector<float>(square[i..]) * constants.Beta2);
            var denominator = Vector.FusedMultiplyAdd(Vector.SquareRoot(second), new(constants.InverseRoot), new(constants.Epsilon));
            first.CopyTo(mean[i..]);
            second.CopyTo(square[i..]);
            (new Vector<float>(values[i..]) * constants.Keep - constants.StepSize * first / denominator).CopyTo(values[i..]);
        }
        for (; i < values.Length; i++)
        {
            mean[i] = MathF.FusedMultiplyAdd(gradients[i], 1 - constants.Beta1, mean[i] * constants.Beta1);
            square[i] = MathF.FusedMultiplyAdd(gradients[i] * gradients[i], 1 - constants.Beta2, square[i] * constants.Beta2);
            var denominator = MathF.FusedMultiplyAdd(MathF.Sqrt(square[i]), constants.InverseRoot, constants.Epsilon);
            values[i] = values[i] * constants.Keep - constants.StepSize * mean[i] / denominator;
        }
    }

    // The first element's address: native memory, which no collection moves.
    private static unsafe float* Address(Tensor tensor)
    {
        using var first = tensor.narrow(0, 0, 1);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
