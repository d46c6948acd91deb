namespace Tweedie;

/// <summary>
/// An option of a library call that is at fault. A host names it in its own words: the command line says <c>--steps</c>, a form says the name of
/// its field.
/// </summary>
/// <param name="Member">The option as the library spells it, such as <c>Steps</c> or <c>Guidance[1]</c>.</param>
/// <param name="Value">Its value, as text.</param>
/// <param name="Problem">What is wrong with it and what would be right, such as "is out of range: at least 1".</param>
public sealed record OptionFault(string Member, string Value, string Problem)
{
    /// <summary>One line: member, value and problem.</summary>
    public override string ToString() => $"{Member} = {Value} {Problem}";
}
