using System.Globalization;
using System.Text.Json;
using Tweedie.Configuration;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>The card of a model that a training writes.</summary>
internal static class TrainedCard
{
    /// <summary>Describes the model that an evaluation has measured.</summary>
    /// <param name="folder">The model's folder, with its config and its weights.</param>
    /// <param name="task">What is trained.</param>
    /// <param name="state">Where the training stands.</param>
    /// <param name="metrics">The evaluation's metrics.</param>
    /// <param name="chosenBy">The metric that decided which evaluation is the best; null where none did.</param>
    public static ModelCard Of(string folder, ITrainingTask task, CheckpointState state, IReadOnlyDictionary<string, double> metrics, string? chosenBy) => new()
    {
        Kind = ModelFolder.ReadKind(folder),
        Description = task.Description,
        Weights = ModelFolder.HashOf(folder),
        Parameters = task.Parts.ToDictionary(part => part.Name, part => part.Parameters),
        Origin = task.Config is TokenRun { EncoderFrom: { } encoder } ? $"the encoder in '{Path.GetFileName(Path.TrimEndingDirectorySeparator(encoder))}'" : null,
        Data = task.DataSummary is { } data ? data with { License = task.Config.DataLicense } : null,
        Training = new()
        {
            Task = task.Config.Task,
            Seed = task.Config.Seed,
            Steps = state.Step,
            BatchSize = task.Config.Training.BatchSize,
            StepsPerEpoch = task.BatchesPerEpoch,
            Seconds = Math.Round(state.Seconds, 1),
            Processes = state.Processes,
            Device = task.Device.ToString(),
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        },
        Settings = Settings(task.Config),
        ChosenBy = chosenBy,
        Scores = metrics.ToDictionary(metric => metric.Key, metric => double.IsFinite(metric.Value) ? metric.Value : (double?)null),
    };

    private static Dictionary<string, string> Settings(RunConfig config) => OptionDifference.Between(Activator.CreateInstance(config.GetType())!, config)
        .Where(difference => difference.Key is not ("seed" or "dataLicense"))
        .Select(difference => KeyValuePair.Create(difference.Key, Text(difference.Now)))
        .Where(setting => !Path.IsPathRooted(setting.Value))
        .ToDictionary();

    // A long text that was cut is no JSON any more.
    private static string Text(string json)
    {
        try
        {
            return json.StartsWith('"') ? JsonSerializer.Deserialize<string>(json)! : json;
        }
        catch (JsonException)
        {
            return json.Trim('"');
        }
    }
}
