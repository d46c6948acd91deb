namespace Tweedie.Cli;

/// <summary>A command was interrupted, and there is something to say about it.</summary>
/// <param name="message">One line.</param>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
