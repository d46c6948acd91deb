namespace Tweedie.Cli.Output;

/// <summary>The last line of a terminal, which is written again and again. Without a terminal there is no such line.</summary>
/// <param name="relayed">Whether this is a worker process: its line goes to the process that has the terminal.</param>
internal sealed class LiveLine(bool relayed = false)
{
    private const char Relayed = '\u0001'; // a worker's live line begins with it
    private const int LeastShare = 30; // fewer characters would tell too little
    private static readonly TimeSpan RelayInterval = TimeSpan.FromSeconds(1);

    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private readonly SortedDictionary<string, string> _workers = new(StringComparer.Ordinal);
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

    /// <summary>Empties the line, so that lasting output can be written.</summary>
    public void Clear()
    {
        if (_isTerminal)
            Console.Write("\r\u001b[K");
    }

    /// <summary>Shows a line that a worker wrote: a live line beside those of other workers, any other line as lasting output.</summary>
    public void Relay(string line, TextWriter lasting, string worker)
    {
        if (line.StartsWith(Relayed))
        {
            _workers[worker] = line[1..];
            if (_isTerminal)
                Write(Compose(_workers, worker, Console.WindowWidth > 0 ? Console.WindowWidth : 80));
            return;
        }
        Clear();
        lasting.WriteLine(line);
    }

    /// <summary>Stops showing a worker that has ended.</summary>
    public void Forget(string worker)
    {
        if (_workers.Remove(worker))
            Clear();
    }

    /// <summary>What workers do, side by side in one line; only the newest if the line is too short for all.</summary>
    /// <param name="workers">Each worker's line by its name.</param>
    /// <param name="newest">The name of the one that wrote last.</param>
    /// <param name="width">The terminal's width in characters.</param>
    internal static string Compose(IReadOnlyDictionary<string, string> workers, string newest, int width)
    {
        const string between = "  ";
        string Cut(string name, int share) => $"[{name}] {workers[name]}" is var text && text.Length > share ? $"{text[..(share - 1)].TrimEnd()}…" : text;
        var share = (width - 1 - (workers.Count - 1) * between.Length) / workers.Count; // a character in the last column would begin a new line
        return share < LeastShare ? Cut(newest, width - 1) : string.Join(between, workers.Keys.Select(name => Cut(name, share)));
    }
}
