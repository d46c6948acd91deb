using System.ComponentModel.DataAnnotations;
using Tweedie.Models;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a text generator.</summary>
public sealed record TextRun : RunConfig, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "text";

    /// <summary>A run with the defaults for texts: AdamW as for captions, no coefficient, no label smoothing.</summary>
    public TextRun()
    {
        Training = new TrainingOptions
        {
            Epochs = 20,
            BatchSize = 64,
            WarmupEpochs = 1,
            WeightDecay = 0.01,
            Coefficient = false,
            LabelSmoothing = 0,
            Reuse = 1,
            ConditionDropout = 0,
            LearningRate = 4e-3,
            EmaDecay = 0.999,
        };
        Evaluation = new EvaluationOptions { BatchSize = 64, Steps = [100] };
    }

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The texts.</summary>
    public TextDataOptions Data { get; init; } = new();

    /// <summary>The vocabulary.</summary>
    public TextTokenizerOptions Tokenizer { get; init; } = new();

    /// <summary>The model.</summary>
    public TextGeneratorOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        ModelFolder.CheckStorable(Model);
        var (train, held) = Data.Open(cancellation);
        var tokenizer = Tokenizer.Create(train, cancellation);
        var owned = new List<IDisposable>();
        EncodedText Encode(ITextSource source)
        {
            var text = EncodedText.Open(source, tokenizer, Data.Cache, cancellation: cancellation);
            owned.Add(text);
            return text;
        }
        try
        {
            var windows = TokenWindows.Random(Encode(train), Model.Tokens, Seed, Data.Windows);
            var measured = held is null ? null : Encode(held);
            return new RowTask(new()
            {
                Config = this,
                Train = windows,
                Held = measured is null ? null : TokenWindows.Consecutive(measured, Model.Tokens),
                HeldRows = Data.HoldoutWindows,
                HeldFrom = Data.Held is null ? DataSplit.Train : DataSplit.Validation,
                Unit = "windows",
                CharactersPerToken = measured is null ? null : (double)measured.Characters / measured.Length,
                Model = Model,
                Description = $"{Model.Method.ToString().ToLowerInvariant()} text generator of {Model.Tokens} tokens among {tokenizer.VocabularySize:N0}",
                Wrap = (network, where) => TrainedModel.Of(new TextGenerator(Model, network, tokenizer, where)),
                Owned = owned,
            }, device);
        }
        catch
        {
            owned.ForEach(text => text.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => RowTask.Check(Model, Training);
}
