using System.Diagnostics;

namespace Tweedie.Bench;

/// <summary>Starts programs in several processes of this machine that Open MPI connects, and reads what the first of them prints.</summary>
internal static class LocalMpi
{
    /// <summary>Runs a command in several processes to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Read(int processes, params string[] command) => Read("mpirun", ["-np", $"{processes}", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", .. command]);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Read(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        { RedirectStandardOutput = true, Environment = { ["TERM"] = "dumb", ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1" } })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
