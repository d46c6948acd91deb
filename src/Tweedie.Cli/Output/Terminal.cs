using System.Text;
using Spectre.Console;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>
/// Where output goes: a terminal, or a pipe or a file, which get plain lines that are not wrapped. What mpirun gives its processes looks like a terminal and is none.
/// </summary>
/// <param name="writer">Receives the output.</param>
/// <param name="isTerminal">Whether it is a terminal.</param>
/// <param name="isPlain">Whether it takes no ANSI codes and no colours; a pipe takes none.</param>
/// <param name="width">A terminal's width in characters, which may change.</param>
internal sealed class Terminal(TextWriter writer, bool isTerminal, bool isPlain, Func<int> width)
{
    private const int UsualWidth = 80; // where the system does not know it
    private const int Unlimited = 100_000; // of a pipe: nothing is wrapped

    /// <summary>Standard output.</summary>
    public static Terminal Output { get; } = new(Console.Out, !Console.IsOutputRedirected && !OpenMpi.IsStarted, HasNoColor, WindowWidth);

    /// <summary>Standard error.</summary>
    public static Terminal Error { get; } = new(Console.Error, !Console.IsErrorRedirected && !OpenMpi.IsStarted, HasNoColor, WindowWidth);

    public TextWriter Writer => writer;

    public bool IsTerminal => isTerminal;

    /// <summary>Characters of a line.</summary>
    public int Width => isTerminal ? width() : Unlimited;

    private static bool HasNoColor => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        || Environment.GetEnvironmentVariable("TERM") is "dumb";

    /// <summary>A console that writes tables and text here.</summary>
    public IAnsiConsole CreateConsole()
    {
        var plain = !isTerminal || isPlain;
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new ConsoleOutput(this),
        });
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }

    private sealed class ConsoleOutput(Terminal terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => terminal.Writer;

        public bool IsTerminal => terminal.IsTerminal;

        public int Width => terminal.Width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding) { }
    }
}
