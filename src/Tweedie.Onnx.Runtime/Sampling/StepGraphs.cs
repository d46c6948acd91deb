using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>The graphs that denoise: one step, and what makes noisy states of tokens.</summary>
internal sealed class StepGraphs : IDisposable
{
    private readonly OnnxModelOptions _model;
    private readonly OnnxGraph _step;
    private readonly OnnxGraph? _corruption;
    private readonly Lazy<float[]> _columns;

    /// <summary>Opens the graphs of a model that has states.</summary>
    public StepGraphs(ExportedFolder folder, int threads)
    {
        (_model, _columns) = (folder.Description, new(Columns));
        _step = folder.Graph(OnnxNames.Step, threads);
        try
        {
            var (tokens, context) = (_model.Tokens, OnnxNames.Context(_model));
            if (_model.State == OnnxState.Prefix)
            {
                _step.Check([("state", [-1, -1]), ("bias", [-1, -1, -1]), .. context], [("logits", [-1, 1, _model.Classes]), ("tokens", [-1, 1])]);
                return;
            }
            _step.Check([("state", _model.State == OnnxState.Masked ? [-1, tokens] : [-1, tokens, Dimensions]), ("told", [-1, -1]), ("bias", [-1, -1, -1]), .. context],
                [("logits", [-1, tokens, _model.Classes]), ("tokens", [-1, tokens]), .. _model.SelfConditioning ? [("mean", (int[])[-1, tokens, _model.Width])] : Array.Empty<(string, int[])>()]);
            if (_model.State == OnnxState.Masked)
                return;
            _corruption = folder.Graph(OnnxNames.Corruption, threads);
            _corruption.Check([("tokens", [-1, tokens]), ("noise", [-1, tokens, Dimensions]), ("alpha_bar", [-1, -1]), ("variance", [-1, -1])], [("state", [-1, tokens, Dimensions])]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The length of a token's state; 0 where states are tokens.</summary>
    public int Dimensions => _model.State switch { OnnxState.OneHot => _model.Classes, OnnxState.Embedded => _model.Width, _ => 0 };

    /// <summary>Runs one step.</summary>
    /// <param name="addState">Adds the state, its levels and the timesteps that the network is told.</param>
    /// <param name="condition">The condition of B items.</param>
    /// <param name="guidance">The guidance scale.</param>
    /// <param name="bias">What is added to the scores, with its shape.</param>
    /// <param name="previous">The mean embedding of the prediction of the step before, (B, N, d); null where the network takes none.</param>
    public StepOutput Run(Action<Inputs> addState, OnnxCondition condition, double guidance, (float[] Values, long[] Shape) bias, float[]? previous)
    {
        using var inputs = new Inputs();
        addState(inputs);
        condition.AddTo(inputs);
        inputs.Add("guidance", [(float)guidance]).Add("bias", bias.Values, bias.Shape);
        if (previous is not null)
            inputs.Add("previous", previous, condition.Count, _model.Tokens, _model.Width);
        return new(_step.Run(inputs.Values, previous is null ? ["logits", "tokens"] : ["logits", "tokens", "mean"]));
    }

    /// <summary>Makes noisy states of tokens.</summary>
    /// <param name="tokens">B rows of N.</param>
    /// <param name="noise">Standard normal numbers, shape (B, N, dimensions).</param>
    /// <param name="alphaBars">ᾱ of each token's signal.</param>
    /// <param name="variances">The variance of each token's noise.</param>
    public float[] Corrupt(long[] tokens, float[] noise, double[] alphaBars, double[] variances)
    {
        long items = tokens.Length / _model.Tokens;
        using var inputs = new Inputs().Add("tokens", tokens, items, _model.Tokens).Add("noise", noise, items, _model.Tokens, Dimensions)
            .Add("alpha_bar", Array.ConvertAll(alphaBars, number => (float)number), items, _model.Tokens).Add("variance", Array.ConvertAll(variances, number => (float)number), items, _model.Tokens);
        using var states = _corruption!.Run(inputs.Values, ["state"]);
        return states[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>s·Σ p̂_k·y_k, the mean clean vector under a prediction: shape (B, N, dimensions).</summary>
    /// <param name="scores">Of (B, N) tokens.</param>
    public float[] MeanClean(TokenScores scores)
    {
        var width = Dimensions;
        var (means, shares) = (new float[scores.Count * width], new float[scores.Classes]);
        for (var token = 0; token < scores.Count; token++)
        {
            scores.Probabilities(token, shares);
            var mean = means.AsSpan(token * width, width);
            if (_model.State == OnnxState.OneHot)
                TensorPrimitives.Multiply(shares, (float)_model.Diffusion.Scale, mean);
            else
                for (var entry = 0; entry < shares.Length; entry++)
                    TensorPrimitives.MultiplyAdd(_columns.Value.AsSpan(entry * width, width), shares[entry], mean, mean);
        }
        return means;
    }

    // s·y_k of all entries, shape (K, dimensions): states without noise of rows that have each entry once.
    private float[] Columns()
    {
        var rows = (_model.Classes + _model.Tokens - 1) / _model.Tokens;
        long[] entries = [.. Enumerable.Range(0, rows * _model.Tokens).Select(entry => (long)Math.Min(entry, _model.Classes - 1))];
        var (ones, zeros) = (new double[entries.Length], new double[entries.Length]);
        Array.Fill(ones, 1);
        return Corrupt(entries, new float[entries.Length * Dimensions], ones, zeros);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        _corruption?.Dispose();
    }
}

/// <summary>What one step gives.</summary>
/// <param name="values">Scores, tokens, and the mean embedding where it was asked for.</param>
internal sealed class StepOutput(IDisposableReadOnlyCollection<OrtValue> values) : IDisposable
{
    /// <summary>The scores of the K entries, shape (B, N, K).</summary>
    public OrtValue Logits => values[0];

    /// <summary>The entries of highest score, B rows of N.</summary>
    public long[] Best { get; } = values[1].GetTensorDataAsSpan<long>().ToArray();

    /// <summary>The mean embedding of the prediction, (B, N, d); null where it was not asked for.</summary>
    public float[]? Mean => values.Count > 2 ? values[2].GetTensorDataAsSpan<float>().ToArray() : null;

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}
