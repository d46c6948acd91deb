using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>A part of a network in a graph: its weights by their state-dict keys, and the layers that they belong to.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="State">The weights of the whole network.</param>
/// <param name="Prefix">What the keys of this part begin with, with its last dot; empty for the whole network.</param>
internal sealed record NetworkPart(GraphBuilder Graph, IReadOnlyDictionary<string, Tensor> State, string Prefix = "")
{
    /// <summary>A part of this part.</summary>
    public NetworkPart Under(string name) => this with { Prefix = $"{Prefix}{name}." };

    /// <summary>Whether it has a weight.</summary>
    public bool Has(string key) => State.ContainsKey(Prefix + key);

    /// <summary>A weight as it is in the state dict.</summary>
    public Tensor Tensor(string key) => State[Prefix + key];

    /// <summary>A weight of the graph.</summary>
    public Value Weight(string key) => Graph.Weight(Prefix + key, () => Tensor(key));

    /// <summary>A weight of the graph that was computed from those of the part.</summary>
    public Value Weight(string key, Func<Tensor> tensor) => Graph.Weight(Prefix + key, tensor);

    /// <summary>A number of the graph that keeps float32, whatever the precision of weights.</summary>
    public Value Exact(string key, Func<Tensor> tensor) => Graph.Exact(Prefix + key, tensor);

    /// <summary>The transposed matrix of a layer, (inputs, outputs).</summary>
    public Value Columns(string key) => Graph.Weight($"{Prefix}{key}.transposed", () => Tensor(key).t());

    /// <summary>A linear layer, x·Wᵀ + b, with a bias if it has one.</summary>
    public Value Linear(Value input, string layer) => Linear(input, layer, 0, Outputs(layer), canQuantize: false);

    /// <summary>A large linear layer, which multiplies 8-bit whole numbers where the precision says so.</summary>
    public Value LargeLinear(Value input, string layer) => Linear(input, layer, 0, Outputs(layer), canQuantize: true);

    /// <summary>Some outputs of a large linear layer.</summary>
    /// <param name="input">Shape (…, inputs).</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="first">The first output.</param>
    /// <param name="count">The number of outputs.</param>
    public Value LargeLinear(Value input, string layer, long first, long count) => Linear(input, layer, first, count, canQuantize: true);

    /// <summary>LayerNorm over the last dimension.</summary>
    public Value LayerNorm(Value input, string layer, double epsilon) =>
        Graph.Node("LayerNormalization", [input, Weight($"{layer}.weight"), Weight($"{layer}.bias")], ("axis", -1L), ("epsilon", (float)epsilon));

    private long Outputs(string layer) => Tensor($"{layer}.weight").shape[0];

    private Value Linear(Value input, string layer, long first, long count, bool canQuantize)
    {
        Tensor Part(string name) => Tensor($"{layer}.{name}").narrow(0, first, count);
        var part = count == Outputs(layer) ? "" : $"[{first}:{first + count}]";
        var key = $"{Prefix}{layer}.weight{part}.transposed";
        var product = canQuantize && Graph.Precision == OnnxPrecision.Int8 ? Int8Products.Multiply(input, key, () => Part("weight").t())
            : input.Times(Graph.Weight(key, () => Part("weight").t()));
        return Has($"{layer}.bias") ? product + Graph.Weight($"{Prefix}{layer}.bias{part}", () => Part("bias")) : product;
    }
}
