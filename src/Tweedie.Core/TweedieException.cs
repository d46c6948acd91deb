namespace Tweedie;

/// <summary>
/// Something that the program cannot mend, such as a mistake in a file, a config or a setting. The message is one line that names the file, the
/// field, the value and the way out; the command line prints it without a stack trace.
/// </summary>
public sealed class TweedieException : Exception
{
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

    /// <summary>What is at fault.</summary>
    public FaultKind Kind { get; }

    /// <summary>The option of a library call that is at fault; null where something else is.</summary>
    public OptionFault? Option { get; }
}
