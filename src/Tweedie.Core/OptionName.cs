namespace Tweedie;

/// <summary>
/// The name of an option inside a message. The library says it in words of code, such as <c>resume: true</c>. A host may say it as its users know it:
/// the command line says <c>--resume</c>.
/// </summary>
/// <param name="Member">The option as the library spells it, such as <c>resume</c>.</param>
/// <param name="Words">How the library says it.</param>
public sealed record OptionName(string Member, string Words)
{
    /// <summary>How the library says it.</summary>
    public override string ToString() => Words;
}
