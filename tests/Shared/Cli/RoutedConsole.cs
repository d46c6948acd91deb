using System.Text;

namespace Tweedie.Tests.Cli;

/// <summary>The console of this process, divided: what one piece of work writes to it goes to writers of its own, while other work writes beside it.</summary>
internal static class RoutedConsole
{
    private static readonly AsyncLocal<(TextWriter Output, TextWriter Error)?> Writers = new();

    static RoutedConsole()
    {
        Console.SetOut(new Routed(Console.Out, writers => writers.Output));
        Console.SetError(new Routed(Console.Error, writers => writers.Error));
    }

    /// <summary>Runs the work to its end.</summary>
    public static T Run<T>(TextWriter output, TextWriter error, Func<Task<T>> work)
    {
        Writers.Value = (TextWriter.Synchronized(output), TextWriter.Synchronized(error));
        try
        {
            return Task.Run(work).GetAwaiter().GetResult(); // threads and tasks that it starts inherit the writers
        }
        finally
        {
            Writers.Value = null;
        }
    }

    private sealed class Routed(TextWriter console, Func<(TextWriter Output, TextWriter Error), TextWriter> choose) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Current => Writers.Value is { } writers ? choose(writers) : console;

        public override void Write(char value) => Current.Write(value);

        public override void Write(string? value) => Current.Write(value);

        public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => Current.Write(buffer);

        public override void Flush() => Current.Flush();
    }
}
