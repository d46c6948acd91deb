using System.Globalization;

namespace Tweedie.Tests.Hostile;

/// <summary>
/// Reads damaged files of every format that is read. This takes about 25 seconds; <c>TWEEDIE_FUZZ_SECONDS</c> makes it longer and
/// <c>TWEEDIE_FUZZ_SEED</c> tries other files.
/// </summary>
[Collection(GlobalState.Name)] // alone, because resident memory is the whole process's
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly double Seconds = Setting("TWEEDIE_FUZZ_SECONDS", 25);
    private static readonly long Seed = (long)Setting("TWEEDIE_FUZZ_SEED", 1);

    public static TheoryData<string> Names => [.. FuzzFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_samples_are_valid(string name)
    {
        var format = FuzzFormats.All.Single(format => format.Name == name);
        using var folder = new TemporaryFolder();
        foreach (var (file, bytes) in format.Beside)
            folder.Write(file, bytes);

        foreach (var sample in format.Samples)
            format.Read(folder.Write(format.FileName, sample));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Damaged_files_are_read_or_refused_in_one_line_in_time_and_within_bounds(string name)
    {
        var format = FuzzFormats.All.Single(format => format.Name == name);
        var duration = TimeSpan.FromSeconds(Seconds / FuzzFormats.All.Count);

        var report = await Task.Run(() => Fuzzer.Run(format, duration, Seed)).WaitAsync(duration + TimeSpan.FromMinutes(2)); // after that, a reader hangs

        output.WriteLine(report.ToString());
        report.Tried.Should().BeGreaterThan(10);
        report.Accepted.Should().BeLessThan(report.Tried, "some damage must be found");
    }

    private static double Setting(string variable, double value) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : value;
}
