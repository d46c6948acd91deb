using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;
using static TorchSharp.torch;

namespace Tweedie.Web.Models;

/// <summary>
/// A loaded model of one of the kinds that are served: what can be asked of it, how a request becomes items to denoise, and how tokens become an answer. It owns its model.
/// </summary>
internal abstract class ServedKind(RequestLimits limits) : IDisposable
{
    /// <summary>classifier, captioner, text or rows.</summary>
    public abstract string Name { get; }

    /// <summary>The model.</summary>
    public abstract TokenModel Model { get; }

    /// <summary>The options that the network was built from.</summary>
    public abstract ITokenModelOptions Options { get; }

    /// <summary>K.</summary>
    public abstract int Entries { get; }

    /// <summary>Whether answers are distributions and not tokens.</summary>
    public virtual bool WantsDistributions => false;

    /// <summary>Whether a head reads the answer off the condition, so that nothing is denoised.</summary>
    public bool IsLinear => Model.Network.IsLinear;

    /// <summary>How large a request may be.</summary>
    protected RequestLimits Limits => limits;

    /// <summary>The tasks that can be asked for.</summary>
    public abstract IReadOnlyList<string> Tasks { get; }

    /// <summary>The token that ends a row written token by token; null where rows have none.</summary>
    protected virtual long? End => null;

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="TweedieException">The folder holds no model of a kind that is served.</exception>
    public static ServedKind Load(string folder, TweedieWebOptions options) => ModelFolder.ReadKind(folder) switch
    {
        ModelFolder.Classifier => new ServedClassifier(ImageClassifier.Load(folder, options.Device, options.Precision), options),
        ModelFolder.Captioner => new ServedCaptioner(ImageCaptioner.Load(folder, options.Device, options.Precision), options),
        ModelFolder.TextGenerator => new ServedTextGenerator(TextGenerator.Load(folder, options.Device, options.Precision), options),
        ModelFolder.RowGenerator => new ServedRowGenerator(RowGenerator.Load(folder, options.Device, options.Precision), options),
        var other => throw new TweedieException(
            $"{folder}: holds a model of kind {OneLine.Of(other)}, which is not served; give a {ModelFolder.Classifier}, {ModelFolder.Captioner}, {ModelFolder.TextGenerator} or {ModelFolder.RowGenerator}.",
            FaultKind.Model),
    };

    /// <summary>What classes, columns and images it has.</summary>
    public abstract ModelDescription Describe(ModelDescription common);

    /// <summary>How a request is answered.</summary>
    public virtual Plan Classify(ClassifyRequest request, IReadOnlyList<RasterImage> images) => throw NotOffered("classify");

    /// <inheritdoc cref="Classify"/>
    public virtual Plan Caption(CaptionRequest request, IReadOnlyList<RasterImage> images) => throw NotOffered("caption");

    /// <inheritdoc cref="Classify"/>
    public virtual Plan Generate(GenerateRequest request) => throw NotOffered("generate");

    /// <inheritdoc cref="Classify"/>
    public virtual Plan Fill(FillRequest request, IReadOnlyList<RasterImage> images) => throw NotOffered("fill");

    /// <inheritdoc cref="Classify"/>
    public virtual ScoringPlan Score(ScoreRequest request, IReadOnlyList<RasterImage> images) => throw NotOffered("score");

    /// <summary>What is known of rows, one for each item.</summary>
    public virtual TokenConstraint Constrain(IReadOnlyList<long[]> rows) => throw new NotSupportedException();

    /// <summary>Reads answers off the condition, where a head does so.</summary>
    public virtual DenoisingJob.Prediction ReadOff(Tensor condition) => throw new NotSupportedException();

    /// <summary>One of several draws, shape (1, N).</summary>
    /// <param name="rows">The draws, shape (draws, N).</param>
    /// <param name="condition">The item's condition (1, M, d).</param>
    /// <param name="sampling">How it is chosen.</param>
    public virtual Tensor Choose(Tensor rows, Tensor condition, SamplingOptions sampling) => rows.narrow(0, 0, 1);

    /// <summary>The text of an entry at a place.</summary>
    public abstract string Word(long id, int place);

    /// <summary>What a row reads as; null where it is no text.</summary>
    public abstract string? Text(long[] row);

    /// <summary>Whether a row that is written token by token had ended before a step.</summary>
    public bool EndsBefore(long[] row, int step, SamplingOptions sampling) =>
        Model.Process is AutoregressiveProcess && sampling.Beams is null or 1 && End is { } end && Array.IndexOf(row, end) is >= 0 and var place && place < step;

    /// <summary>The steps that a row took, of the steps of its batch.</summary>
    public int StepsOf(long[] row, int steps, SamplingOptions sampling) => EndsBefore(row, steps, sampling) ? Array.IndexOf(row, End!.Value) + 1 : steps;

    /// <summary>A step in words.</summary>
    public StepEvent Show(StepSnapshot step) => new(
        step.Index, step.Count, step.Timestep, step.AlphaBar, step.IsLast, Words(step.Tokens[0]), step.Hidden?[0], Text(step.Tokens[0]),
        step.Entries.Count == 0 ? [] : [.. step.Entries[0].Zip(step.Probabilities[0]).Select((candidates, place) =>
            (IReadOnlyList<TokenShare>)[.. candidates.First.Zip(candidates.Second).Where(candidate => candidate.Second > 0).Select(candidate => new TokenShare(Word(candidate.First, place), candidate.Second))])]);

    /// <summary>A whole row in words.</summary>
    protected IReadOnlyList<string> Words(long[] row) => [.. row.Select(Word)];

    /// <summary>The options of a request, complete and within the limits.</summary>
    /// <param name="request">The request.</param>
    /// <param name="takesDraws">Whether several draws are an answer.</param>
    protected SamplingOptions Resolve(SamplingOptions? request, bool takesDraws = false)
    {
        var asked = request ?? new();
        if (IsLinear && request is not null)
            throw WebProblem.Refused("sampling: the model reads its answer off the image and has nothing to sample; leave it out.");
        if (!takesDraws && asked.Draws > 1)
            throw WebProblem.Refused("sampling.draws: is for images; ask for several texts by count.");
        if (!takesDraws && asked.Choose != CandidateChoice.None)
            throw WebProblem.Refused("sampling.choose: chooses among the draws of a caption; leave it out.");
        WebProblem.Limit("sampling.steps", asked.Steps, limits.Steps);
        WebProblem.Limit("sampling.draws", asked.Draws, limits.Draws);
        WebProblem.Limit("sampling.beams", asked.Beams, limits.Draws);
        return Model.Resolve(asked);
    }

    /// <summary>How many candidates the steps of a request list.</summary>
    protected int Top(int? top, int least, int otherwise)
    {
        WebProblem.AtLeast("top", top, least);
        return Math.Min(top ?? otherwise, Entries);
    }

    /// <summary>How many answers a request asks for.</summary>
    protected int Count(int? count)
    {
        WebProblem.AtLeast("count", count, 1);
        WebProblem.Limit("count", count, limits.Count);
        return count ?? 1;
    }

    /// <summary>Refuses texts that are too long.</summary>
    protected void CheckLength(string member, string? text) => WebProblem.Limit($"{member} (characters)", text?.Length, limits.Characters);

    /// <summary>A member that a model of this kind has no use for.</summary>
    protected void Refuse(string member, bool isGiven, string use)
    {
        if (isGiven)
            throw WebProblem.Refused($"{member}: has no use for a model of kind {Name}; {use}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }

    private WebProblem NotOffered(string task) => WebProblem.Refused($"A model of kind {Name} has no {task}; it has {string.Join(", ", Tasks)}.");
}
