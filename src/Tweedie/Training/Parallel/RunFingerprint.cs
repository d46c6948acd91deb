using System.Reflection;
using System.Security.Cryptography;
using Tweedie.Configuration;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>What processes that train together must have in common.</summary>
/// <param name="Version">The version of the library.</param>
/// <param name="Config">The resolved config.</param>
/// <param name="Data">The number of samples, and the tokens and mean inputs of the first ones.</param>
/// <param name="Weights">The sum of the absolute weights before the first step.</param>
internal sealed record RunFingerprint(string Version, string Config, string Data, double Weights)
{
    private const int Samples = 8;
    private const double Tolerance = 1e-4; // processors of different kinds draw weights that differ by rounding

    /// <summary>Reads the first samples and describes a task.</summary>
    /// <exception cref="TweedieException">The samples cannot be read.</exception>
    public static RunFingerprint Of(ITrainingTask task)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new(
            typeof(RunFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            ConfigWriter.ToYaml(task.Config),
            DataOf(task),
            task.Network.parameters().Sum(parameter => parameter.abs().sum(float64).item<double>()));
    }

    /// <summary>What differs from another process's, in a few words; null where nothing does.</summary>
    public string? DifferenceFrom(RunFingerprint other)
    {
        if (Version != other.Version)
            return $"the version {Version} instead of {other.Version}";
        if (Config != other.Config)
        {
            var (own, theirs) = (Config.Split('\n'), other.Config.Split('\n'));
            var line = Enumerable.Range(0, Math.Min(own.Length, theirs.Length)).FirstOrDefault(i => own[i] != theirs[i]);
            return $"'{own[line].Trim()}' instead of '{theirs[line].Trim()}' in the config";
        }
        if (Data != other.Data)
            return "other training data";
        return Math.Abs(Weights - other.Weights) > Tolerance * Math.Abs(other.Weights) ? "other weights before the first step" : null;
    }

    private static string DataOf(ITrainingTask task)
    {
        var size = task.Config.Training.BatchSize;
        var count = Enumerable.Range(1, Math.Min(Samples, size)).Last(part => size % part == 0);
        using var batch = task.Batches(0, 0, new BatchPart(0, size / count), CancellationToken.None).First();
        var inputs = batch.Inputs is { } values ? values.to(float32).reshape(count, -1).mean([1]).data<float>().ToArray() : [];
        var tokens = batch.Tokens.reshape(-1).data<long>().ToArray();
        var text = FormattableString.Invariant($"{task.Samples} {task.BatchesPerEpoch} {string.Join(',', batch.Indices)} {string.Join(',', tokens)} ")
            + string.Join(',', inputs.Select(mean => mean.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)));
        return Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
