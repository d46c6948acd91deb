using Tweedie.Configuration;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>The names of non-linearities in published configs.</summary>
internal static class PublishedActivation
{
    /// <summary>The non-linearity that a key names.</summary>
    /// <exception cref="TweedieException">It is another one than ours.</exception>
    public static Activation Read(PublishedJson section, string key, Activation usual = Activation.Gelu) => section.Text(key) switch
    {
        null => usual,
        "gelu" => Activation.Gelu,
        "quick_gelu" => Activation.QuickGelu,
        _ => throw section.Refused(key, "expected gelu or quick_gelu"),
    };
}
