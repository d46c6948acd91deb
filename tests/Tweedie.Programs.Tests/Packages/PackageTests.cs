using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Tests.Cli;
using Tweedie.Tests.Models;
using Tweedie.Tests.Samples;

namespace Tweedie.Tests.Packages;

/// <summary>
/// The packages that <c>scripts/pack</c> made are whole, and a fresh project and a fresh tool manifest can use them. They run where <c>TWEEDIE_PACKAGES</c> names
/// the folder, because packing takes too long for each run of the tests.
/// </summary>
public sealed partial class PackageTests
{
    private const string Variable = "TWEEDIE_PACKAGES";

    [Fact]
    public void Each_package_has_what_a_gallery_shows_and_depends_on_no_natives()
    {
        var projects = Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => !File.ReadAllText(project).Contains("<IsPackable>false")).Select(Path.GetFileNameWithoutExtension).ToList();
        var packages = Directory.GetFiles(Packages(), "*.nupkg").Select(Package.Read).ToList();

        packages.Select(package => package.Id).Should().Contain(projects!);
        packages.Select(package => package.Version).Distinct().Should().ContainSingle();
        foreach (var package in packages)
        {
            package.Element("license").Should().Be("MIT");
            package.Element("description").Should().NotBeNullOrWhiteSpace().And.NotBe("Package Description");
            package.Element("tags").Should().Contain("diffusion");
            package.Files.Should().Contain("icon.png").And.Contain("README.md");
            package.Dependencies.Should().NotContain(name => name.StartsWith("libtorch", StringComparison.Ordinal) || name.Contains("-cuda") || name.Contains(".Native"));
            new FileInfo(package.Path).Length.Should().BeLessThan(250_000_000, "the public gallery takes no more");
            RelativeLink().IsMatch(package.Readme).Should().BeFalse("a gallery has no files beside the page");
            if (!package.IsTool)
                package.Files.Should().Contain($"lib/net10.0/{package.Id}.dll").And.Contain($"lib/net10.0/{package.Id}.xml");
        }
    }

    [Fact]
    public void A_fresh_project_restores_the_packages_and_runs()
    {
        using var folder = Consumer();
        File.WriteAllText(Path.Combine(folder.Path, "Consumer.csproj"), Project(natives: true));
        using (var classifier = TinyClassifier.Create())
            classifier.Save(Path.Combine(folder.Path, "model"));
        foreach (var file in Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, "samples", "FirstSteps"), "*.cs"))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));

        Succeed(DotNet(folder.Path, "build", "--nologo", "-v", "quiet"));
        var answers = Succeed(DotNet(folder.Path, "run", "--no-build", "classify"));
        answers.Output.Should().MatchRegex(@"^(\w{3}: \d+\.\d ?%\n){3}$");

        // The same program without the natives of its platform.
        File.WriteAllText(Path.Combine(folder.Path, "Consumer.csproj"), Project(natives: false));
        Succeed(DotNet(folder.Path, "build", "--nologo", "-v", "quiet", "-o", "bare"));
        var program = Path.Combine("bare", "Consumer.dll");
        var missing = DotNet(folder.Path, program, "classify");
        missing.ShouldBeOneLineError(1, "libtorch was not found", $"add the package {Name(LibtorchFolder.Package)} {LibtorchFolder.Package.Version} to the program", "TWEEDIE_LIBTORCH");
        DotNet(folder.Path, program, "parts").ShouldBeOneLineError(1, "libvips was not found", $"add the package {Name(VipsLibrary.Package)} {VipsLibrary.Package.Version} to the program");
        if (NativePackage.Platform == "linux-x64")
            File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "docs", "packages.md")).Should().Contain(missing.Error["error: ".Length..].Trim(), "the page shows the line");
    }

    [Fact]
    public void A_fresh_manifest_installs_the_tool_and_runs_it()
    {
        using var folder = Consumer();
        using (var classifier = TinyClassifier.Create())
            classifier.Save(Path.Combine(folder.Path, "model"));
        Directory.CreateDirectory(Path.Combine(folder.Path, ".config"));
        File.WriteAllText(Path.Combine(folder.Path, ".config", "dotnet-tools.json"), """{ "version": 1, "isRoot": true, "tools": {} }""");

        Succeed(DotNet(folder.Path, "tool", "install", "Tweedie.Cli", "--version", Version()));

        Succeed(DotNet(folder.Path, "tweedie", "--version")).Output.Should().StartWith(Version());
        Succeed(DotNet(folder.Path, "tweedie", "classify", "--model", "model", "cat.png", "--top", "2")).Output.Should().MatchRegex(@"(?m)^cat\.png\n(\s+\d+\.\d+ ?%  \w{3}\n){2}\z");
    }

    // An empty folder with an image, whose packages come from the ones under test, and from the machine's own cache of all others.
    private static TemporaryFolder Consumer()
    {
        var packages = Packages();
        var folder = new TemporaryFolder();
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var others = Directory.CreateDirectory(Path.Combine(folder.Path, "others")).FullName;
        foreach (var package in Directory.Exists(machine) ? Directory.GetDirectories(machine).Where(path => !Path.GetFileName(path).StartsWith("tweedie")) : [])
            Directory.CreateSymbolicLink(Path.Combine(others, Path.GetFileName(package)), package);
        File.WriteAllText(Path.Combine(folder.Path, "NuGet.config"), new XElement("configuration",
            new XElement("config", Add("globalPackagesFolder", Path.Combine(folder.Path, "own"))),
            new XElement("fallbackPackageFolders", Add("others", others)),
            new XElement("packageSources", Add("packed", packages))).ToString());
        File.WriteAllText(Path.Combine(folder.Path, "Directory.Build.props"), "<Project />"); // nothing of the repository's, wherever the folder lies
        ImageWriter.Save(new RasterImage(16, 16, 3, [.. Enumerable.Range(0, 768).Select(i => (byte)(i * 31))]), Path.Combine(folder.Path, "cat.png"));
        return folder;

        static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
    }

    private static string Project(bool natives)
    {
        (string Name, string Version)[] own = [("Tweedie", Version()), ("Tweedie.Hosting", Version()), ("Microsoft.Extensions.DependencyInjection", "10.0.0")];
        (string Name, string Version)[] platform = [.. new[] { LibtorchFolder.Package, VipsLibrary.Package }.Select(package => (Name(package), package.Version))];
        return new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup",
                new XElement("OutputType", "Exe"), new XElement("TargetFramework", "net10.0"), new XElement("Nullable", "enable"), new XElement("ImplicitUsings", "enable"),
                new XElement("CreateHardLinksForCopyLocalIfPossible", true), new XElement("EnableDefaultCompileItems", false), new XElement("TreatWarningsAsErrors", true)),
            new XElement("ItemGroup", new XElement("Compile", new XAttribute("Include", "*.cs")), (natives ? [.. own, .. platform] : own).Select(package =>
                new XElement("PackageReference", new XAttribute("Include", package.Name), new XAttribute("Version", package.Version))))).ToString();
    }

    private static string Name(NativePackage package) => package.Prefix + NativePackage.Platform;

    private static CommandLineResult DotNet(string folder, params string[] arguments) => SampleProgram.Start(folder, "dotnet", arguments,
        ("DOTNET_CLI_HOME", Path.Combine(folder, "home")), // else the SDK remembers, for all folders of the user, where this folder's tool lay
        ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"), ("NUGET_PACKAGES", null), ("TWEEDIE_LIBTORCH", null), ("ContinuousIntegrationBuild", null), ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"));

    private static CommandLineResult Succeed(CommandLineResult result)
    {
        result.ExitCode.Should().Be(0, result.Output + result.Error);
        return result;
    }

    private static string Packages()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"needs packages: run scripts/pack, and set {Variable} to artifacts/packages");
        return Path.GetFullPath(folder!);
    }

    private static string Version() => Directory.GetFiles(Packages(), "*.nupkg").Select(Package.Read).First(package => package.Id == "Tweedie").Version;

    [GeneratedRegex(@"\]\((?!https?://)")]
    private static partial Regex RelativeLink();

    private sealed record Package(string Path, IReadOnlyList<string> Files, XElement Metadata, string Readme)
    {
        public string Id => Element("id");

        public string Version => Element("version");

        public IEnumerable<string> Dependencies => Metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);

        public static Package Read(string path)
        {
            using var archive = ZipFile.OpenRead(path);
            using var specification = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            using var readme = new StreamReader(archive.GetEntry("README.md")!.Open());
            return new(path, [.. archive.Entries.Select(entry => entry.FullName)], XDocument.Load(specification).Root!.Elements().Single(), readme.ReadToEnd());
        }

        public bool IsTool => Metadata.Descendants().Any(element => element.Name.LocalName == "packageType");

        public string Element(string name) => Metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
    }
}
