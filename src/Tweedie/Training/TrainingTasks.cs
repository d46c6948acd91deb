using System.Collections.Concurrent;
using Tweedie.Configuration;

namespace Tweedie.Training;

/// <summary>
/// The tasks that configs and checkpoints can name. A program adds its own tasks before it reads a config; a task's record has the keys that the task needs.
/// Thread-safe.
/// </summary>
public static class TrainingTasks
{
    private static readonly ConcurrentDictionary<string, (Type Config, Func<ConfigDocument, RunConfig> Bind)> Known = new(StringComparer.Ordinal)
    {
        [ClassificationRun.Name] = (typeof(ClassificationRun), document => document.Bind<ClassificationRun>()),
        [CaptionRun.Name] = (typeof(CaptionRun), document => document.Bind<CaptionRun>()),
        [TextRun.Name] = (typeof(TextRun), document => document.Bind<TextRun>()),
        [TokensRun.Name] = (typeof(TokensRun), document => document.Bind<TokensRun>()),
        [AnnotationRun.Name] = (typeof(AnnotationRun), document => document.Bind<AnnotationRun>()),
        [ClipRun.Name] = (typeof(ClipRun), document => document.Bind<ClipRun>()),
    };

    /// <summary>The record of each task's config, by the task's name.</summary>
    public static IReadOnlyDictionary<string, Type> Configs => Known.OrderBy(task => task.Key, StringComparer.Ordinal).ToDictionary(task => task.Key, task => task.Value.Config);

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a task.</summary>
    /// <typeparam name="TRun">Its config; its <see cref="RunConfig.Task"/> should be the name by default.</typeparam>
    /// <param name="name">What configs call it.</param>
    /// <exception cref="ArgumentException">Another task has the name.</exception>
    public static void Register<TRun>(string name) where TRun : RunConfig
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!Known.TryAdd(name, (typeof(TRun), document => document.Bind<TRun>())))
            throw new ArgumentException($"There is a task '{name}' already.", nameof(name));
    }

    /// <summary>Binds a config to the record of its task; a config that names no task is a classification.</summary>
    /// <exception cref="TweedieException">The task is unknown, or a key or value is not valid for it.</exception>
    internal static RunConfig Read(ConfigDocument document)
    {
        var name = document.Text("task", ClassificationRun.Name);
        if (Known.TryGetValue(name, out var task))
            return task.Bind(document);
        var meant = NearestName.Find(name, Names) is { } near ? $" (did you mean {near}?)" : "";
        throw new TweedieException($"{document.OriginOf("task")}: task = {OneLine.Of(name)}: is unknown{meant}; use one of {string.Join(", ", Names)}.");
    }
}
