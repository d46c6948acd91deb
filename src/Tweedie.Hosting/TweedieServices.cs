using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Hosting;

/// <summary>Registers models as services.</summary>
public static class TweedieServices
{
    /// <summary>Registers models, and the chat clients and embedding generators that they can be. A model is loaded when it is first asked for, and disposed of with the container.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Names the models.</param>
    public static IServiceCollection AddTweedie(this IServiceCollection services, Action<TweedieModels> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        configure(new TweedieModels(services));
        return services;
    }
}

/// <summary>Models that a host offers. With a key, a model and what it can be are keyed services; without, plain ones.</summary>
public sealed class TweedieModels
{
    private const string Category = "Tweedie.Hosting";

    private readonly IServiceCollection _services;

    internal TweedieModels(IServiceCollection services) => _services = services;

    /// <summary>Where the models compute; null is the CPU. It holds for the models that are added after it.</summary>
    public Device? Device { get; set; }

    /// <summary>The weights' precision. It holds for the models that are added after it.</summary>
    public Precision Precision { get; set; } = Precision.F32;

    /// <summary>How large the images of messages may be. It holds for the models that are added after it.</summary>
    public ImageDecoderOptions Limits { get; set; } = new();

    /// <summary>Adds a classifier, as <see cref="ImageClassifier"/>.</summary>
    /// <param name="folder">Its model folder.</param>
    /// <param name="key">Its key; null for none.</param>
    public TweedieModels AddClassifier(string folder, object? key = null)
    {
        var (device, precision) = (Device, Precision);
        return Load(folder, key, () => ImageClassifier.Load(folder, device, precision));
    }

    /// <summary>Adds a captioner, as <see cref="ImageCaptioner"/> and as <see cref="IChatClient"/>.</summary>
    /// <inheritdoc cref="AddClassifier"/>
    public TweedieModels AddCaptioner(string folder, object? key = null)
    {
        var (device, precision, limits) = (Device, Precision, Limits);
        return Load(folder, key, () => ImageCaptioner.Load(folder, device, precision))
            .Add<IChatClient, ImageCaptioner>(key, captioner => new CaptioningChatClient(captioner, folder, limits));
    }

    /// <summary>Adds a text generator, as <see cref="TextGenerator"/> and as <see cref="IChatClient"/>.</summary>
    /// <inheritdoc cref="AddClassifier"/>
    public TweedieModels AddTextGenerator(string folder, object? key = null)
    {
        var (device, precision) = (Device, Precision);
        return Load(folder, key, () => TextGenerator.Load(folder, device, precision))
            .Add<IChatClient, TextGenerator>(key, generator => new WritingChatClient(generator, folder));
    }

    /// <summary>Adds a row generator, as <see cref="RowGenerator"/>.</summary>
    /// <inheritdoc cref="AddClassifier"/>
    public TweedieModels AddRowGenerator(string folder, object? key = null)
    {
        var (device, precision) = (Device, Precision);
        return Load(folder, key, () => RowGenerator.Load(folder, device, precision));
    }

    /// <summary>Adds a CLIP, as <see cref="ClipModel"/> and as embedding generators of texts and of images. It computes in single precision.</summary>
    /// <inheritdoc cref="AddClassifier"/>
    public TweedieModels AddClip(string folder, object? key = null)
    {
        var (device, limits) = (Device, Limits);
        return Load(folder, key, () => ClipModel.Load(folder, device))
            .Add<IEmbeddingGenerator<string, Embedding<float>>, ClipModel>(key, model => new ClipTextEmbeddings(model, folder))
            .Add<IEmbeddingGenerator<DataContent, Embedding<float>>, ClipModel>(key, model => new ClipImageEmbeddings(model, folder, limits));
    }

    private TweedieModels Load<T>(string folder, object? key, Func<T> load) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _services.AddKeyedSingleton(key, (services, _) =>
        {
            var start = Stopwatch.GetTimestamp();
            var model = load();
            var logger = services.GetService<ILoggerFactory>()?.CreateLogger(Category) ?? NullLogger.Instance;
            Log.Loaded(logger, typeof(T).Name, folder, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return model;
        });
        return this;
    }

    private TweedieModels Add<TService, TModel>(object? key, Func<TModel, TService> create) where TService : class where TModel : class
    {
        _services.AddKeyedSingleton(key, (services, _) => create(services.GetRequiredKeyedService<TModel>(key)));
        return this;
    }
}
