using Tweedie.Bench;
using Tweedie.Platform;

TorchRuntime.EnsureLoaded();
switch (args.FirstOrDefault())
{
    case "optimizer":
        OptimizerBenchmark.Run();
        return 0;
    case "transforms":
        TransformsBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project bench/Tweedie.Bench -- optimizer|transforms");
        return 2;
}
