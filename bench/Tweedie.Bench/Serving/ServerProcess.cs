using System.Diagnostics;
using Tweedie.Web;
using static TorchSharp.torch;

namespace Tweedie.Bench.Serving;

/// <summary>A server of the small models in a process of its own, so that its memory is not that of its clients. It ends with its standard input.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>The key that its requests need.</summary>
    public const string Key = "a-key-of-the-soak-test";

    /// <summary>After how many seconds a request ends.</summary>
    public const int Deadline = 10;

    /// <summary>How many images wait per model.</summary>
    public const int QueueLength = 32;

    private readonly Process _process;

    /// <summary>Starts this program a second time, as the server.</summary>
    /// <param name="folder">The folder of the models.</param>
    public ServerProcess(string folder)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["soak", "server", folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Address = new(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start."));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Its resident memory in MB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? double.NaN : _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Its open files and sockets.</summary>
    public int Files => _process.HasExited ? 0 : Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>Lets it finish what runs, and end.</summary>
    /// <returns>Its exit code.</returns>
    public int Stop()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Serves until the standard input ends.</summary>
    public static async Task ServeAsync(string folder)
    {
        set_num_threads(1);
        await using var app = TweedieServer.Create(options =>
        {
            options.Models.Add(new(Path.Combine(folder, "classifier")));
            options.Models.Add(new(Path.Combine(folder, "captioner")));
            (options.QueueLength, options.RequestsPerMinute) = (QueueLength, int.MaxValue);
            options.Limits = options.Limits with { Deadline = TimeSpan.FromSeconds(Deadline), BodyBytes = 1 << 20, Pixels = 1_000_000 };
            options.AddKeys(Key);
        }, ["http://127.0.0.1:0"]);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        _ = await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsAlive)
            _process.Kill();
        _process.Dispose();
    }
}
