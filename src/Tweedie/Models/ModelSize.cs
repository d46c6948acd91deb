using Tweedie.Formats;

namespace Tweedie.Models;

/// <summary>Refuses a config of a far larger model than the weights beside it, before memory is taken for it.</summary>
internal static class ModelSize
{
    // A model whose size misses that of its weights by less than this is built: the differences are then named tensor by tensor.
    private const long Misfit = 4 << 20;

    /// <summary>Compares what a config describes with what the weights' file holds.</summary>
    /// <exception cref="TweedieException">The file holds less than half of the parameters, or is no safetensors file.</exception>
    public static void Check(string weights, long parameters)
    {
        var stored = SafeTensorsHeader.Load(weights).Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        if (parameters > 2 * stored + Misfit)
            throw new TweedieException($"{weights}: holds {stored} values, but its config describes {parameters} parameters; they do not belong together.", FaultKind.Model);
    }
}
