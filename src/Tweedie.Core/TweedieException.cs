namespace Tweedie;

/// <summary>
/// A mistake in a user's input (a file, a config, a setting). The message is one line that names the file, the field,
/// the value and the way out; the command line prints it without a stack trace.
/// </summary>
public sealed class TweedieException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public TweedieException(string message) : base(message) { }

    /// <summary>Creates the exception with a message for the user and the error that led to it.</summary>
    public TweedieException(string message, Exception innerException) : base(message, innerException) { }
}
