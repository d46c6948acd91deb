using Tweedie.Models;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>Exports the two towers of a CLIP.</summary>
internal static class ClipExport
{
    /// <summary>Writes both graphs and the tokenizer.</summary>
    /// <returns>The description, without the hashes of files.</returns>
    /// <exception cref="TweedieException">There is no sampler to export.</exception>
    public static OnnxModelOptions Write(ClipModel model, string folder, OnnxExportOptions export)
    {
        if (export.Sampler)
            throw new TweedieException(new OptionFault(nameof(export.Sampler), "true", "is for one-hot diffusion (tdd), and a CLIP has no steps; leave it out."));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (size, state) = (model.Options.Network, model.Network.state_dict());
        var description = new OnnxModelOptions
        {
            Kind = OnnxModelKind.Clip,
            Opset = export.Opset,
            Precision = export.Precision,
            DataLicense = export.DataLicense,
            Tokens = size.Text.Length,
            Classes = size.Text.VocabularySize,
            Width = size.EmbeddingWidth,
            Input = TokenExport.InputOf(model.Options),
            Weights = model.WeightsHash,
        };
        model.Tokenizer.Save(folder);
        Save(OnnxNames.ImageTower, (graph, tower) => tower("image").Image(EncoderGraph.Images(graph, model.Options)));
        Save(OnnxNames.TextTower, (graph, tower) => tower("text").Text(graph.Input("tokens", DataType.Int64, "items", size.Text.Length)));
        return description;

        void Save(string name, Func<GraphBuilder, Func<string, ClipGraph>, Value> build)
        {
            var graph = new GraphBuilder(export.Opset, export.Precision);
            graph.Output("features", build(graph, tower => new ClipGraph(new NetworkPart(graph, state).Under(tower), size)), DataType.Float, "items", size.EmbeddingWidth);
            GraphFile.Write(Path.Combine(folder, name), graph, GraphFile.Metadata(description), export.ExternalAbove);
        }
    }
}
