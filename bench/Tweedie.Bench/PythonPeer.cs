using System.Diagnostics;
using System.Globalization;

namespace Tweedie.Bench;

/// <summary>Runs a script of <c>bench/peers</c> that prints one number, with the system's Python.</summary>
internal static class PythonPeer
{
    /// <summary>Returns the number; NaN if Python or a package of the script is missing.</summary>
    public static double Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine("bench", "peers", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { }; // read, so that it never waits for us
            process.BeginErrorReadLine();
            return double.TryParse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return double.NaN;
        }
    }
}
