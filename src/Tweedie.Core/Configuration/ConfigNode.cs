namespace Tweedie.Configuration;

/// <summary>
/// A node of a parsed configuration. <c>Origin</c> says where it was written: <c>run.yaml:12</c> or <c>--set training.epochs=3</c>.
/// </summary>
internal abstract record ConfigNode(string Origin);
