using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>Exports a model that predicts tokens: its encoder, its head or its denoising step, and what samples it.</summary>
/// <param name="model">The model.</param>
/// <param name="options">The options that its network was built from.</param>
/// <param name="export">How it is exported.</param>
internal sealed class TokenExport(TokenModel model, ITokenModelOptions options, OnnxExportOptions export)
{
    private const string FrozenFolder = "frozen";

    private TokenNetwork Network => model.Network;

    /// <summary>Writes the graphs.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="begun">What only the model's façade knows of the description.</param>
    /// <param name="saveVocabulary">Writes the files of a tokenizer, or of columns.</param>
    /// <returns>The description, without the hashes of files.</returns>
    /// <exception cref="TweedieException">The model has a part that no graph expresses.</exception>
    public OnnxModelOptions Write(string folder, OnnxModelOptions begun, Action<string>? saveVocabulary = null)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (export.Sampler && (Network.IsLinear || model.Process is not OneHotDiffusion))
            throw new TweedieException(new OptionFault(nameof(export.Sampler), "true", "is for one-hot diffusion (tdd), and this model has another method; leave it out."));
        var description = Describe(begun) with { Frozen = CopyFrozen(folder) };
        saveVocabulary?.Invoke(folder);
        if (Network.IsLinear)
        {
            Save(OnnxNames.Classifier, graph => HeadGraph.Build(Part(graph), (TokenModelOptions)options, description));
            return description;
        }
        using var space = model.Process.CreateSpace(Network.Denoiser.Embedding.Weight, logPrior: Network.Denoiser.Embedding.LogPrior());
        description = description with { State = space switch { _ when model.Process is AutoregressiveProcess => OnnxState.Prefix, MaskedSpace => OnnxState.Masked, EmbeddedSpace => OnnxState.Embedded, _ => OnnxState.OneHot } };
        if (options is TokenModelOptions images)
            Save(OnnxNames.Encoder, graph =>
            {
                var condition = EncoderGraph.Build(Part(graph).Under("encoder"), images);
                EncoderGraph.Output(condition, Head(graph).Prepare(condition), description, Network.ConditionWidth);
            });
        Save(OnnxNames.Step, graph => Step(graph).Build(graph));
        if (description.State is OnnxState.OneHot or OnnxState.Embedded)
            Save(OnnxNames.Corruption, graph => Step(graph).BuildCorruption(graph));
        if (export.Sampler)
            Save(OnnxNames.Sampler, graph => SamplerGraph.Build(graph, Step(graph), export.DrawsNoise));
        return description;

        void Save(string name, Action<GraphBuilder> build)
        {
            var graph = new GraphBuilder(export.Opset, export.Precision);
            build(graph);
            GraphFile.Write(Path.Combine(folder, name), graph, GraphFile.Metadata(description), export.ExternalAbove);
        }

        NetworkPart Part(GraphBuilder graph) => new(graph, State);

        DenoiserGraph Head(GraphBuilder graph) => new(Part(graph).Under("denoiser"), options.Denoiser, description.ConditionTokens, model.Process is AutoregressiveProcess);

        StepGraph Step(GraphBuilder graph) => new(Head(graph),
            new SpaceGraph(Part(graph).Under("denoiser").Under("token_embed"), description.State, options.Diffusion, space, Network.Denoiser.Embedding.LogPrior()), description);
    }

    private IReadOnlyDictionary<string, Tensor> State => field ??= Network.state_dict();

    private OnnxModelOptions Describe(OnnxModelOptions begun) => begun with
    {
        Opset = export.Opset,
        Precision = export.Precision,
        DataLicense = export.DataLicense,
        Weights = export.Weights,
        Tokens = options.Length,
        Width = options.Denoiser.Width,
        Depth = Network.IsLinear ? 0 : options.Denoiser.Depth,
        Heads = options.Denoiser.Heads,
        ConditionTokens = options is TokenModelOptions images ? images.ConditionTokens : 0,
        SelfConditioning = !Network.IsLinear && Network.Denoiser.TakesPrevious && model.Process is not AutoregressiveProcess,
        Input = options is TokenModelOptions { Frozen: null } input ? InputOf(input) : null,
        Diffusion = options.Diffusion,
        Sampling = model.DefaultSampling,
        Losses = Network.IsLinear || Network.Denoiser.LossCurve is not { } curve ? [] : [.. curve.Losses.Select(loss => double.IsFinite(loss) ? loss : (double?)null)],
    };

    /// <summary>How images become the input of a model.</summary>
    public static OnnxImageInput InputOf(ImageInputOptions input) => new()
    {
        Size = input.Input.Height,
        Channels = input.Input.Channels,
        CropRatio = input.CropRatio,
        Fit = input.Fit,
        Interpolation = input.Interpolation,
        Mean = input.Mean,
        Std = input.Std,
    };

    private FrozenEncoderOptions? CopyFrozen(string folder)
    {
        if (options is not TokenModelOptions { Frozen: { } frozen })
            return null;
        var source = Path.GetDirectoryName(Path.GetFullPath(frozen.Onnx))!;
        foreach (var file in (frozen with { Onnx = Path.GetFullPath(frozen.Onnx) }).Files())
        {
            var target = Path.Combine(folder, FrozenFolder, Path.GetRelativePath(source, file));
            Folder.Create(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return frozen with { Onnx = $"{FrozenFolder}/{Path.GetFileName(frozen.Onnx)}" };
    }
}
