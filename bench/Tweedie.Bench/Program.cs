using Tweedie.Bench;
using Tweedie.Bench.Serving;
using Tweedie.Platform;

TorchRuntime.EnsureLoaded();
var benchmarks = new Dictionary<string, Action>
{
    ["features"] = FeatureBenchmark.Run,
    ["index"] = IndexBenchmark.Run,
    ["optimizer"] = OptimizerBenchmark.Run,
    ["transforms"] = TransformsBenchmark.Run,
    ["captions"] = CaptionSampling.Run,
    ["labels"] = LabelSampling.Run,
    ["noise"] = NoiseBenchmark.Run,
    ["normal"] = NormalBenchmark.Run,
    ["training"] = TrainingStep.Run,
    ["step"] = StepProfile.Run,
    ["texts"] = TextSpeed.Run,
    ["inference"] = InferenceSpeed.Run,
    ["coldstart"] = ColdStart.Run,
};
if (args is ["captioners", .. var arguments])
{
    CaptionerSpeed.Run(arguments);
    return 0;
}
if (args is ["processes", .. { Length: >= 2 } programAndConfigs])
{
    ProcessesBenchmark.Run(programAndConfigs);
    return 0;
}
if (args is ["allreduce", .. var numbers])
{
    AllReduceBenchmark.Run(numbers);
    return 0;
}
if (args is ["soak", "processes", var trained, .. var bounds])
    return SoakProcesses.Run(trained, bounds is [var kills, ..] ? int.Parse(kills) : 20, bounds is [_, var seed] ? int.Parse(seed) : 1);
if (args is ["serve", .. var seconds])
{
    ServeBenchmark.Run(seconds);
    return 0;
}
if (args is ["soak", "serve", .. var soaked])
    return await SoakServe.RunAsync(soaked is [var minutes] ? double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture) : 15);
if (args is ["soak", "server", var models])
{
    await ServerProcess.ServeAsync(models);
    return 0;
}
if (args is [var name] && benchmarks.TryGetValue(name, out var run))
{
    run();
    return 0;
}
Console.Error.WriteLine($"Usage: dotnet run -c Release --project bench/Tweedie.Bench -- {string.Join('|', benchmarks.Keys)}|captioners DATA MODEL...|processes PROGRAM [SECONDS] CONFIG...|allreduce [NUMBERS]|soak processes PROGRAM [KILLS [SEED]]|serve [SECONDS]|soak serve [MINUTES]");
return 2;
