// Runs the graphs of an exported classifier on an empty image with ONNX Runtime and nothing else, as often as a classification does, and says what that took
// since the process began: Bare FOLDER STEPS. No file is compared with a hash, no image is decoded, and the noise comes from Random.
using Microsoft.ML.OnnxRuntime;

using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
using var encoder = new InferenceSession(Path.Combine(args[0], "encoder.onnx"), options);
using var step = new InferenceSession(Path.Combine(args[0], "step.onnx"), options);
using var corruption = new InferenceSession(Path.Combine(args[0], "corrupt.onnx"), options);
using var run = new RunOptions();

var shape = Shape(encoder.InputMetadata["images"]);
using var images = OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate((a, b) => a * b)], shape);
using var context = encoder.Run(run, ["images"], [images], encoder.OutputNames);
var (steps, length) = (int.Parse(args[1]), (int)Shape(step.InputMetadata["state"])[^1]);
long[] label = [0];
for (var index = 0; index < steps; index++)
{
    var noise = new float[length];
    for (var i = 0; i < length; i++)
        noise[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble()));
    var alphaBar = (float)index / steps;
    using var tokens = OrtValue.CreateTensorValueFromMemory(label, [1, 1]);
    using var numbers = OrtValue.CreateTensorValueFromMemory(noise, [1, 1, length]);
    using var signal = One(alphaBar, 1, 1);
    using var variance = One(1 - alphaBar, 1, 1);
    using var states = corruption.Run(run, ["tokens", "noise", "alpha_bar", "variance"], [tokens, numbers, signal, variance], ["state"]);
    using var told = One(1000 * (1 - alphaBar), 1, 1);
    using var guidance = One(1);
    using var bias = One(0, 1, 1, 1);
    string[] names = [.. encoder.OutputNames.Where(step.InputMetadata.ContainsKey)];
    using var results = step.Run(run, ["state", "told", "guidance", "bias", .. names],
        [states[0], told, guidance, bias, .. names.Select(name => context[encoder.OutputNames.ToList().IndexOf(name)])], ["tokens"]);
    label = results[0].GetTensorDataAsSpan<long>().ToArray();
}
Console.WriteLine($"class {label[0]}");
Console.WriteLine(Environment.CpuUsage.TotalTime.TotalMilliseconds);

static long[] Shape(NodeMetadata input) => [.. input.Dimensions.Select(dimension => (long)Math.Max(dimension, 1))];

static OrtValue One(float value, params long[] shape) => OrtValue.CreateTensorValueFromMemory([value], shape);
