using System.Globalization;
using Tweedie.Training;

namespace Tweedie.Tests.Cli;

/// <summary>
/// Kills (SIGKILL) a real training process at random moments and resumes it, until it has come to its end. There are three kills by default;
/// <c>TWEEDIE_KILLS</c> sets another number. A run that ends before enough kills is begun again, and the weights of each run are compared.
/// </summary>
public sealed class KillTests(TinyModel tiny, ITestOutputHelper output) : IClassFixture<TinyModel>
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TWEEDIE_KILLS") ?? "3", CultureInfo.InvariantCulture);

    private readonly string[] _arguments =
        ["--config", tiny.ConfigFile, "--set", "training.epochs=60", "evaluation.everyEpochs=0", "training.logEvery=1"];

    [Fact]
    public void A_killed_training_resumes_to_the_very_weights_of_an_uninterrupted_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var whole = Path.Combine(tiny.Folder, "never-killed");
        CommandLine.Run(["train", .. _arguments, "--out", whole]).ExitCode.Should().Be(0);
        var expected = Weights(whole);
        var random = new SampleRandom(Seeds.Derive(2026, SeedPurpose.Sample));
        var (kills, inSaves, runs) = (0, 0, 0);

        while (kills < Kills)
        {
            var run = Path.Combine(tiny.Folder, $"killed-{++runs}");
            while (!TrainUntilKilled(run, random, mayKill: kills < Kills))
            {
                kills++;
                inSaves += Directory.Exists(Path.Combine(run, "checkpoints"))
                    && Directory.EnumerateDirectories(Path.Combine(run, "checkpoints"), "*.partial").Any() ? 1 : 0;
            }
            foreach (var (file, bytes) in Weights(run))
                bytes.AsSpan().SequenceEqual(expected[file]).Should().BeTrue($"{file} of {run} must not depend on {kills} kills");
        }
        output.WriteLine($"{kills} kills survived, {inSaves} of them in the middle of a save, in {runs} runs");
    }

    // Whether the training came to its end.
    private bool TrainUntilKilled(string run, SampleRandom random, bool mayKill)
    {
        var hasCheckpoint = new CheckpointStore(Path.Combine(run, "checkpoints"), keep: 2).Latest is not null;
        using var training = new RunningTraining(run, hasCheckpoint ? [.. _arguments, "--resume"] : _arguments);
        if (mayKill)
        {
            if (random.NextBool(0.8)) // else it may die while it starts
                training.WaitUntilItTrains();
            if (!training.EndsWithin(TimeSpan.FromSeconds(random.NextDouble(0, 2))))
                return false; // disposing kills it
        }
        training.WaitForExit().Should().Be(0, training.Error);
        return true;
    }

    private static Dictionary<string, byte[]> Weights(string run) => Directory
        .EnumerateFiles(new CheckpointStore(Path.Combine(run, "checkpoints"), keep: 2).Latest!, "*.safetensors")
        .Append(Path.Combine(run, "model", "model.safetensors"))
        .ToDictionary(path => Path.GetRelativePath(run, path), File.ReadAllBytes);
}
