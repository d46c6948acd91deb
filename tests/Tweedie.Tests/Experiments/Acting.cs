namespace Tweedie.Tests.Experiments;

/// <summary>Acts on each report, in the reporting thread.</summary>
internal sealed class Acting<T>(Action<T> act) : IProgress<T>
{
    public void Report(T value) => act(value);
}
