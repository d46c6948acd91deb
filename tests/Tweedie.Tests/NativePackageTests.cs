using System.Xml.Linq;
using Tweedie.Images;
using Tweedie.Platform;
using Machine = System.Runtime.InteropServices.Architecture;

namespace Tweedie.Tests;

public sealed class NativePackageTests
{
    private static readonly NativePackage Package = new("libthing", "Thing.Native.", "1.2.3", ["linux-x64", "win-x64"]);

    [Fact]
    public void The_error_names_the_package_of_the_platform() =>
        Package.Missing(new DllNotFoundException("Several lines.\n/a/long/path/libthing.so: cannot open shared object file\n"), platform: "linux-x64").Message.Should()
            .Be("libthing was not found (libthing.so: cannot open shared object file); add the package Thing.Native.linux-x64 1.2.3 to the program.");

    [Fact]
    public void The_error_says_that_a_platform_has_no_package() =>
        Package.Missing(new DllNotFoundException("no"), "set THING to a folder", "linux-arm64").Message.Should()
            .Be("libthing was not found (no), and linux-arm64 has no package of it; set THING to a folder.");

    [Fact]
    public void Without_another_way_the_error_names_the_platforms() =>
        Package.Missing(new DllNotFoundException("no"), platform: "linux-arm64").Message.Should().EndWith("; use linux-x64 or win-x64.");

    [Fact]
    public void The_versions_in_the_errors_are_those_that_the_programs_take()
    {
        var central = XDocument.Load(Path.Combine(Shared.RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

        foreach (var package in new[] { LibtorchFolder.Package, VipsLibrary.Package })
            foreach (var platform in package.Platforms)
                central.Should().Contain($"{package.Prefix}{platform}", package.Version);
    }

    [Theory]
    [InlineData("linux", Machine.X64, "linux-x64", "linux-x64")]
    [InlineData("linux", Machine.X64, "debian.12-x64", "linux-x64")]
    [InlineData("linux", Machine.X64, "linux-musl-x64", "linux-musl-x64")]
    [InlineData("linux", Machine.Arm64, "linux-arm64", "linux-arm64")]
    [InlineData("osx", Machine.Arm64, "osx-arm64", "osx-arm64")]
    public void A_platform_is_named_as_packages_are(string system, Machine architecture, string runtime, string expected) =>
        NativePackage.PlatformOf(system, architecture, runtime).Should().Be(expected);
}
