namespace Tweedie.Cli.Output;

/// <summary>The last line of a terminal, written again and again; elsewhere there is none.</summary>
/// <param name="relayed">Whether this is a worker process: its line goes to the process that has the terminal.</param>
internal sealed class LiveLine(bool relayed = false)
{
    private const char Relayed = '\u0001'; // what a worker's live line begins with
    private static readonly TimeSpan RelayInterval = TimeSpan.FromSeconds(1);

    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private DateTime _relayed = DateTime.MinValue;

    /// <summary>Writes the line anew.</summary>
    public void Write(string text)
    {
        if (_isTerminal)
            Console.Write($"\r\u001b[K{text}");
        else if (relayed && DateTime.UtcNow - _relayed >= RelayInterval)
        {
            _relayed = DateTime.UtcNow;
            Console.WriteLine($"{Relayed}{text}");
        }
    }

    /// <summary>Empties the line, for what shall stay to be written.</summary>
    public void Clear()
    {
        if (_isTerminal)
            Console.Write("\r\u001b[K");
    }

    /// <summary>Shows a line that a worker wrote: for a moment, with the worker's name, or to stay.</summary>
    public void Relay(string line, TextWriter lasting, string worker)
    {
        if (line.StartsWith(Relayed))
        {
            Write(worker + line[1..]);
            return;
        }
        Clear();
        lasting.WriteLine(line);
    }
}
