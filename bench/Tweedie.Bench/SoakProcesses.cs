using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;

namespace Tweedie.Bench;

/// <summary>
/// Trains in two processes, kills one of them at a random moment, resumes to the end, and compares the weights with those of a training that nobody disturbed.
/// Arguments: the built program (<c>Tweedie.Cli</c>), how often (20), and the seed of the moments (1).
/// </summary>
internal static class SoakProcesses
{
    private const int Processes = 2;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <returns>The exit code: 0 where all runs have the same weights.</returns>
    public static int Run(string program, int kills, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-soak-").FullName;
        try
        {
            var config = Path.Combine(folder, "run.yaml");
            File.WriteAllText(config, ConfigWriter.ToYaml(Config));
            var watch = Stopwatch.StartNew();
            var whole = new Training(program, config, Path.Combine(folder, "whole"));
            if (whole.Start().Finish() is { ExitCode: not 0 } failed)
                throw new InvalidOperationException($"The training fails without a disturbance, too: {failed.Error}");
            var (length, expected) = (watch.Elapsed, whole.Hash());
            Console.WriteLine(FormattableString.Invariant($"undisturbed: {length.TotalSeconds:F1} s, weights {expected[..12]}; seed {seed}"));

            var (random, wrong) = (new Random(seed), 0);
            for (var kill = 1; kill <= kills; kill++)
            {
                var (rank, moment) = (random.Next(Processes), length * random.NextDouble());
                var training = new Training(program, config, Path.Combine(folder, $"run-{kill}"));
                var (exitCode, error) = training.Start().KillAfter(rank, moment).Finish();
                var steps = training.Step;
                var end = exitCode == 0 ? (ExitCode: 0, Error: "") : training.Start(resume: steps > 0).Finish();
                var isSame = end.ExitCode == 0 && training.Hash() == expected;
                wrong += isSame ? 0 : 1;
                Console.WriteLine(FormattableString.Invariant($"{kill}: rank {rank} after {moment.TotalSeconds:F1} s, checkpoint of step {steps}, '{error.Trim()}': {(isSame ? "the same weights" : $"OTHER WEIGHTS {end.Error.Trim()}")}"));
                Directory.Delete(training.Folder, recursive: true);
            }
            Console.WriteLine($"{kills - wrong} of {kills} have the weights of the undisturbed training");
            return wrong == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A checkpoint after each of 40 epochs of 8 steps.
    private static ClassificationRun Config => new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "shapes:count=132,size=16", Holdout = 4, Workers = 0, Augment = new AugmentOptions { PadCrop = 2, Flip = true } },
        Model = new ClassifierOptions
        {
            Encoder = new VisionTransformerOptions { ImageSize = 16, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
            Denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
        },
        Training = new TrainingOptions { Epochs = 40, BatchSize = 16, LearningRate = 0.05, WarmupEpochs = 0.5, EmaDecay = 0.9, LogEvery = 1 },
        Evaluation = new EvaluationOptions { EveryEpochs = 10, Steps = [1], Keep = KeptModel.Last },
    };

    private sealed class Training(string program, string config, string folder)
    {
        private Process? _process;

        public string Folder => folder;

        /// <summary>The step of the newest checkpoint; 0 where there is none.</summary>
        public long Step => new CheckpointStore(new RunFolder(folder).Checkpoints, keep: 2).Latest is { } latest ? CheckpointStore.ReadState(latest).Step : 0;

        public Training Start(bool resume = false)
        {
            _process = Process.Start(new ProcessStartInfo(program,
                ["train", "--config", config, "--out", folder, "--processes", $"{Processes}", .. resume ? new[] { "--resume" } : []])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            _process.OutputDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            return this;
        }

        /// <summary>Kills a rank after some time, or as soon as it is there.</summary>
        public Training KillAfter(int rank, TimeSpan moment)
        {
            _process!.WaitForExit(moment);
            var watch = Stopwatch.StartNew();
            while (!_process.HasExited && watch.Elapsed < _patience)
            {
                if (Find(rank) is { } id)
                {
                    using var killed = Process.GetProcessById(id);
                    killed.Kill(); // SIGKILL
                    break;
                }
                Thread.Sleep(5);
            }
            return this;
        }

        public (int ExitCode, string Error) Finish()
        {
            using var process = _process!;
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(_patience))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{folder}: the training has not ended within {_patience.TotalMinutes} minutes.");
            }
            return (process.ExitCode, error.Result);
        }

        /// <summary>The hash of weights and moments of the last checkpoint, and of the model.</summary>
        public string Hash()
        {
            using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var files = Directory.EnumerateFiles(new CheckpointStore(new RunFolder(folder).Checkpoints, keep: 2).Latest!, "*.safetensors").Order(StringComparer.Ordinal);
            foreach (var file in files.Append(Path.Combine(new RunFolder(folder).Model, "model.safetensors")))
                all.AppendData(File.ReadAllBytes(file));
            return Convert.ToHexString(all.GetHashAndReset());
        }

        // The process of this training that Open MPI has given the rank.
        private int? Find(int rank) => Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path))
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Read(id, "cmdline").Contains($"\0{folder}\0", StringComparison.Ordinal) && Read(id, "environ").Contains($"OMPI_COMM_WORLD_RANK={rank}\0", StringComparison.Ordinal))
            .Select(id => (int?)id).FirstOrDefault();

        private static string Read(int process, string file)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/{file}");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return ""; // it has ended, or is another user's
            }
        }
    }
}
