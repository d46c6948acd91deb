using TorchSharp;

namespace Tweedie.Platform;

/// <summary>
/// A stretch of code with autocast on or off; disposing of it restores the state before. The state belongs to the thread, so the scope
/// cannot cross an <c>await</c> or a <c>yield</c>. The default value is a scope that changes nothing.
/// </summary>
public readonly ref struct AutocastScope : IDisposable
{
    private readonly bool _entered;
    private readonly bool _wasEnabled;
    private readonly sbyte _device;
    private readonly sbyte _previousDtype;

    internal AutocastScope(DeviceType device, bool enabled, torch.ScalarType? dtype)
    {
        _entered = true;
        _device = (sbyte)device;
        _wasEnabled = AutocastInterop.IsEnabled(_device);
        _previousDtype = AutocastInterop.GetDtype(_device);

        _ = AutocastInterop.IncrementNesting();
        AutocastInterop.SetEnabled(_device, enabled);
        if (dtype is { } type)
            SetDtype((sbyte)type);
    }

    /// <summary>Restores the state before the scope; the outermost scope also releases the parameters' 16-bit copies.</summary>
    public void Dispose()
    {
        if (!_entered)
            return;
        if (AutocastInterop.DecrementNesting() == 0)
            AutocastInterop.ClearCache();
        AutocastInterop.SetEnabled(_device, _wasEnabled);
        SetDtype(_previousDtype);
    }

    private void SetDtype(sbyte dtype)
    {
        if (AutocastInterop.GetDtype(_device) == dtype)
            return;
        AutocastInterop.ClearCache(); // it holds one copy of a parameter, whatever the type
        AutocastInterop.SetDtype(_device, dtype);
    }
}
