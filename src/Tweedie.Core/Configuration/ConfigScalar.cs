namespace Tweedie.Configuration;

/// <summary>
/// A single value. Its type is the one of the option it is bound to; <c>Quoted</c> values are text and never numbers, booleans or null.
/// </summary>
internal sealed record ConfigScalar(string Origin, string Text, bool Quoted) : ConfigNode(Origin)
{
    public bool IsNull => !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");
}
