namespace Tweedie.Tokens;

/// <summary>Rows whose positions have names, and vocabularies of their own.</summary>
public interface ITokenTable : ITokenRowSource
{
    /// <summary>The positions.</summary>
    TokenColumns Columns { get; }
}
