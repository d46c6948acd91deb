using System.Globalization;

namespace Tweedie;

/// <summary>
/// An error that the program cannot mend, such as a mistake in a file, a config or a setting. The message is one line that names the file, the
/// field, the value and the way out; the command line prints it without a stack trace.
/// </summary>
public sealed class TweedieException : Exception
{
    private readonly FormattableString? _text;

    /// <summary>Creates the exception with a message for the user.</summary>
    /// <param name="message">One line.</param>
    /// <param name="kind">What is at fault.</param>
    public TweedieException(string message, FaultKind kind = FaultKind.Input) : base(message) => Kind = kind;

    /// <summary>Creates the exception with a message for the user and the error that led to it.</summary>
    /// <param name="message">One line.</param>
    /// <param name="innerException">The error.</param>
    /// <param name="kind">What is at fault.</param>
    public TweedieException(string message, Exception innerException, FaultKind kind = FaultKind.Input) : base(message, innerException) => Kind = kind;

    /// <summary>Creates the exception for an option of a library call.</summary>
    /// <param name="option">The option, its value and what is wrong with it.</param>
    /// <param name="origin">What the option belongs to, which the message begins with; nothing by default.</param>
    public TweedieException(OptionFault option, string origin = "") : base(origin == "" ? $"{option}" : $"{origin}: {option}") => Option = option;

    private TweedieException(FormattableString text, Exception? innerException, FaultKind kind) : base(Say(text, name => name.Words), innerException) =>
        (_text, Kind) = (text, kind);

    /// <summary>What is at fault.</summary>
    public FaultKind Kind { get; }

    /// <summary>The option of a library call that is at fault; null where something else is.</summary>
    public OptionFault? Option { get; }

    /// <summary>Creates the exception with a message that names options of library calls.</summary>
    /// <param name="message">One line; each value of type <see cref="OptionName"/> in it is said by a host in its own words.</param>
    /// <param name="innerException">The error that led to it, if any.</param>
    /// <param name="kind">What is at fault.</param>
    public static TweedieException Naming(FormattableString message, Exception? innerException = null, FaultKind kind = FaultKind.Input) =>
        new(message, innerException, kind);

    /// <summary>The same error with more words at the end.</summary>
    /// <param name="note">A sentence.</param>
    internal TweedieException With(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        FormattableString said = _text ?? $"{Message}";
        FormattableString longer = $"{said}{(Message.EndsWith('.') ? "" : ".")} {note}";
        return new TweedieException(longer, this, Kind);
    }

    /// <summary>The same error with the place where it occurred before it.</summary>
    /// <param name="place">The place, such as a file and a line.</param>
    internal TweedieException At(string place)
    {
        FormattableString said = _text ?? $"{Message}";
        FormattableString longer = $"{place}: {said}";
        return new TweedieException(longer, this, Kind);
    }

    /// <summary>The message, with each option of <see cref="Naming"/> in a host's words.</summary>
    /// <param name="nameOf">The host's name of an option; null where it has none, so that the library's words stay.</param>
    public string MessageIn(Func<OptionName, string?> nameOf) => _text is null ? Message : Say(_text, nameOf);

    private static string Say(FormattableString text, Func<OptionName, string?> nameOf) =>
        string.Format(CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(argument => argument switch
        {
            OptionName name => nameOf(name) ?? name.Words,
            FormattableString part => Say(part, nameOf),
            _ => argument,
        })]);
}
