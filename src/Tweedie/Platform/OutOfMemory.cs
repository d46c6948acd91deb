namespace Tweedie.Platform;

/// <summary>Turns a failed allocation, in the host's memory or a GPU's, into a message that says what to lower.</summary>
/// <remarks>A system that promises more memory than it has ends the process instead of failing an allocation; nothing can be said then.</remarks>
internal static class OutOfMemory
{
    /// <summary>Runs work that may need more memory than there is.</summary>
    /// <param name="what">The work, for the message.</param>
    /// <param name="remedy">Which settings to change.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="TweedieException">The memory did not suffice.</exception>
    public static T Guard<T>(string what, string remedy, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is OutOfMemoryException || IsOfLibtorch(error.Message))
        {
            throw new TweedieException($"{what}: out of memory; {remedy} ({OneLine.Of(error.Message)})", error, FaultKind.Resources);
        }
    }

    // libtorch's exceptions have no type of their own here; these words are in those of its CPU and CUDA allocators.
    private static bool IsOfLibtorch(string message) =>
        message.Contains("DefaultCPUAllocator", StringComparison.Ordinal) || message.Contains("CUDA out of memory", StringComparison.Ordinal);
}
