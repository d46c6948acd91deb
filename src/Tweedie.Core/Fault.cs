namespace Tweedie;

/// <summary>Says of which kind the faults in a piece of work are.</summary>
public static class Fault
{
    /// <summary>
    /// Runs work that reads what no user has given, such as the config of a model: what looks like a fault of <see cref="FaultKind.Input"/> is one of
    /// the given kind. Faults of other kinds stay as they are.
    /// </summary>
    /// <param name="kind">The kind.</param>
    /// <param name="work">The work.</param>
    /// <returns>The result of the work.</returns>
    /// <exception cref="TweedieException">The work's own, of the given kind.</exception>
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
