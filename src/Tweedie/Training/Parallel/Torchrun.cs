using System.Globalization;
using System.Runtime.InteropServices;

namespace Tweedie.Training;

/// <summary>The place of this process among those that were started together, in the environment variables that <c>torchrun</c> sets.</summary>
internal static partial class Torchrun
{
    private const string CommunicatorAddress = "NCCL_COMM_ID";
    private static readonly string[] _names = ["RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"];

    /// <summary>Whether these variables describe several processes.</summary>
    public static bool IsPresent => _names.All(name => Value(name) is { Length: > 0 }) && Value("WORLD_SIZE") != "1";

    /// <summary>The number of this process on its machine, from 0 on.</summary>
    public static int LocalRank => int.TryParse(Value("LOCAL_RANK"), out var rank) ? rank : 0;

    /// <summary>The rank of this process and the number of processes.</summary>
    /// <exception cref="TweedieException">A variable is not a number in its range.</exception>
    public static (int Rank, int Size) Place()
    {
        var size = Number("WORLD_SIZE", 1, 1_000_000);
        return (Number("RANK", 0, size - 1), size);
    }

    /// <summary>
    /// Tells NCCL where its processes meet, so that they need no other connection before: at the port after <c>MASTER_PORT</c>, because <c>torchrun</c> itself
    /// may listen at that one. An address that the user gave NCCL is kept.
    /// </summary>
    /// <exception cref="TweedieException"><c>MASTER_PORT</c> is not the number of a port.</exception>
    public static void MeetAtMaster()
    {
        if (Value(CommunicatorAddress) is { Length: > 0 })
            return;
        var host = Value("MASTER_ADDR")!;
        // NCCL reads the environment of the C library, which .NET's own does not change.
        _ = SetVariable(CommunicatorAddress, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{Number("MASTER_PORT", 1, 65534) + 1}", 1);
    }

    private static int Number(string name, int from, int to) =>
        int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to ? number
            : throw new TweedieException($"{name} = '{Value(name)}' in the environment: must be a number from {from} to {to}, as torchrun sets it; correct it, or remove it to train in one process.");

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);
}
