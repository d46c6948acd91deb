namespace Tweedie.Configuration;

/// <summary>A list of nodes.</summary>
internal sealed record ConfigList(string Origin, IReadOnlyList<ConfigNode> Items) : ConfigNode(Origin);
