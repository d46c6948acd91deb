namespace Tweedie.Cli;

/// <summary>Wrong usage that only the files tell, such as an option that the given model has no use for; the exit code is that of wrong usage.</summary>
/// <param name="message">One line that says what to do.</param>
internal sealed class UsageException(string message) : Exception(message);
