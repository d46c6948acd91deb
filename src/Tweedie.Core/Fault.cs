namespace Tweedie;

/// <summary>Sets the kind of the faults that occur in a piece of work.</summary>
public static class Fault
{
    /// <summary>
    /// Runs work that reads something that no user has given, such as the config of a model. A fault of kind <see cref="FaultKind.Input"/> becomes
    /// one of the given kind. Faults of other kinds stay as they are.
    /// </summary>
    /// <param name="kind">The kind.</param>
    /// <param name="work">The work.</param>
    /// <returns>The result of the work.</returns>
    /// <exception cref="TweedieException">The work's own exception, of the given kind.</exception>
    public static T Of<T>(FaultKind kind, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TweedieException error) when (error.Kind == FaultKind.Input)
        {
            throw new TweedieException(error.Message, error, kind);
        }
    }
}
