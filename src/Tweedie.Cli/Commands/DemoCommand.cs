using System.CommandLine;
namespace Tweedie.Cli.Commands;
internal static class DemoCommand { public static Command Create() => new("demo", "x"); }
