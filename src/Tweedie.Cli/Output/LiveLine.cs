namespace Tweedie.Cli.Output;

/// <summary>
/// The last line of a terminal, which is written again and again. A pipe or a file gets a plain line with the time now and then instead. Dispose of it before
/// anything else writes for good.
/// </summary>
/// <param name="terminal">Where to write; standard output by default.</param>
/// <param name="relayed">Whether this is a worker process: its line goes to the process that has the terminal.</param>
/// <param name="time">The clock; the system's by default.</param>
internal sealed class LiveLine(Terminal? terminal = null, bool relayed = false, TimeProvider? time = null) : IDisposable
{
    private const char Relayed = '\u0001'; // a worker's live line begins with it
    private const int LeastShare = 30; // fewer characters would tell too little
    private static readonly TimeSpan RelayInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private readonly Terminal _terminal = terminal ?? Terminal.Output;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SortedDictionary<string, string> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _written = [];
    private int _shown; // characters that stand in the terminal's line

    /// <summary>Writes the line anew; what a terminal has no room for is cut off.</summary>
    public void Write(string text)
    {
        if (relayed)
            WriteNowAndThen("", RelayInterval, $"{Relayed}{text}");
        else if (_terminal.IsTerminal)
            Show(Cut(text, _terminal.Width - 1)); // a character in the last column would begin a new line
        else
            WriteNowAndThen("", PlainInterval, Stamped(text));
    }

    /// <summary>Writes a line that stays; a pipe's has the time.</summary>
    public void Print(string text)
    {
        Clear();
        _terminal.Writer.WriteLine(relayed || _terminal.IsTerminal ? text : Stamped(text));
    }

    /// <summary>Empties the line, so that lasting output can be written.</summary>
    public void Clear()
    {
        if (_shown > 0)
            _terminal.Writer.Write($"\r{new string(' ', _shown)}\r");
        _shown = 0;
    }

    /// <summary>Whether a line that a worker wrote is its live line.</summary>
    public static bool IsRelayed(string line) => line.StartsWith(Relayed);

    /// <summary>Shows a line that a worker wrote: a live line beside those of other workers, any other line as lasting output.</summary>
    public void Relay(string line, TextWriter lasting, string worker)
    {
        if (!IsRelayed(line))
        {
            Clear();
            lasting.WriteLine(line);
            return;
        }
        _workers[worker] = line[1..];
        if (_terminal.IsTerminal)
            Show(Compose(_workers, worker, _terminal.Width));
        else
            WriteNowAndThen(worker, PlainInterval, Stamped(Labelled(worker, line[1..])));
    }

    /// <summary>Stops showing a worker that has ended.</summary>
    public void Forget(string worker)
    {
        if (_workers.Remove(worker))
            Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>What workers do, side by side in one line; only the newest if the line is too short for all.</summary>
    /// <param name="workers">Each worker's line by its name.</param>
    /// <param name="newest">The name of the one that wrote last.</param>
    /// <param name="width">The terminal's width in characters.</param>
    internal static string Compose(IReadOnlyDictionary<string, string> workers, string newest, int width)
    {
        const string between = "  ";
        string Part(string name, int share) => Cut(Labelled(name, workers[name]), share);
        var share = (width - 1 - (workers.Count - 1) * between.Length) / workers.Count;
        return share < LeastShare ? Part(newest, width - 1) : string.Join(between, workers.Keys.Select(name => Part(name, share)));
    }

    // A worker that is alone has no name.
    private static string Labelled(string worker, string text) => worker == "" ? text : $"[{worker}] {text}";

    private static string Cut(string text, int length) => text.Length <= length ? text : length < 1 ? "" : $"{text[..(length - 1)].TrimEnd()}…";

    // Blanks erase what is left of the line before: they need no codes that a terminal may lack.
    private void Show(string text)
    {
        _terminal.Writer.Write($"\r{text}{new string(' ', Math.Max(0, Math.Min(_shown, _terminal.Width - 1) - text.Length))}");
        _shown = text.Length;
    }

    private string Stamped(string text) => FormattableString.Invariant($"{_time.GetLocalNow():yyyy-MM-dd HH:mm:ss}  {text}");

    private void WriteNowAndThen(string what, TimeSpan interval, string text)
    {
        var now = _time.GetUtcNow();
        if (_written.TryGetValue(what, out var before) && now - before < interval)
            return;
        _written[what] = now;
        _terminal.Writer.WriteLine(text);
    }
}
