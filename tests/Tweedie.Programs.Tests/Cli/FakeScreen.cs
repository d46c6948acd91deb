using System.Text;
using Tweedie.Cli.Output;

namespace Tweedie.Tests.Cli;

/// <summary>A terminal of a width, or a pipe, whose screen a test reads as a person would: carriage returns go back, and full lines wrap.</summary>
internal sealed class FakeScreen
{
    private readonly StringBuilder _written = new();
    private readonly int? _width;

    /// <summary>Creates a terminal of a width, or a pipe.</summary>
    public FakeScreen(int? width) => (_width, Terminal) = (width, new Terminal(new StringWriter(_written), width is not null, isPlain: false, () => width ?? 0));

    public Terminal Terminal { get; }

    /// <summary>Everything that was written.</summary>
    public string Written => _written.ToString();

    /// <summary>What stands on the screen, line by line, without the blanks at the ends of lines.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var (rows, column) = (new List<StringBuilder> { new() }, 0);
            foreach (var character in Written)
            {
                if (character == '\r')
                {
                    column = 0;
                    continue;
                }
                if (character == '\n' || column == _width)
                {
                    rows.Add(new());
                    column = 0;
                }
                if (character == '\n')
                    continue;
                var row = rows[^1];
                if (column < row.Length)
                    row[column] = character;
                else
                    row.Append(character);
                column++;
            }
            return [.. rows.Select(row => row.ToString().TrimEnd())];
        }
    }
}

/// <summary>A clock that a test moves.</summary>
internal sealed class FakeClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time) => _now += time;
}
