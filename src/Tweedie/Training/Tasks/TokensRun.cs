using System.ComponentModel.DataAnnotations;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a generator of rows of categorical tokens: puzzles and other tables.</summary>
public sealed record TokensRun : RunConfig, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "tokens";

    /// <summary>A run with the defaults for rows of tokens, which are those for texts.</summary>
    public TokensRun()
    {
        var text = new TextRun();
        (Training, Evaluation) = (text.Training, text.Evaluation with { BatchSize = 256, Steps = [20] });
    }

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The rows.</summary>
    public TokenDataOptions Data { get; init; } = new();

    /// <summary>The model; the tokens of a row come from the data.</summary>
    public RowGeneratorOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        var (train, held) = Data.Open(cancellation);
        // Problems tell which tokens are known, so the network must learn to see clean tokens among noisy ones.
        var known = Model.Diffusion.Known ?? (train.HasKnown && Model.Method == TokenMethod.Tdd ? new KnownTokensOptions { Prefix = 0, Gap = 0 } : null);
        var model = Model with { Tokens = train.Length, Diffusion = Model.Diffusion with { Known = known } };
        ModelFolder.CheckStorable(model);
        return new RowTask(new()
        {
            Config = this with { Model = model },
            Train = train,
            Held = held,
            HeldRows = Data.HoldoutRows,
            Model = model,
            Description = $"{model.Method.ToString().ToLowerInvariant()} generator of rows of {train.Length} tokens among {train.VocabularySize:N0}",
            Wrap = (network, where) => TrainedModel.Of(new RowGenerator(model, network, train.Columns, where)),
        }, device);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => RowTask.Check(Model, Training);
}
