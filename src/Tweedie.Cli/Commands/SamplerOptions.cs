using System.CommandLine;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary>The options that say how steps of sampling follow from each other. Where one is not given, the model's own default counts.</summary>
internal sealed class SamplerOptions
{
    private readonly Option<SamplerKind?> _sampler = Named<SamplerKind>("--sampler", "For one-hot diffusion: renoise (the paper), posterior, ddim, commit or leftToRight");
    private readonly Option<TimestepDistribution?> _grid = Named<TimestepDistribution>(
        "--grid", "For one-hot diffusion, how steps are spread: uniform, beta, logSnrWindow, logSnr, decodeAccuracy or crossEntropy");
    private readonly Option<double?> _logSnrMin = Number("--log-snr-min", "For the log-SNR grids: the lower end");
    private readonly Option<double?> _logSnrMax = Number("--log-snr-max", "For the log-SNR grids: the upper end");
    private readonly Option<bool?> _soft = Switch("--soft", "Steps go towards the mean of the prediction, not towards the chosen tokens");
    private readonly Option<double?> _eta = Number("--eta", "For ddim: the share of fresh noise, 0 to 1");
    private readonly Option<double?> _churn = Number("--churn", "For ddim and posterior: noise that is added before each step");
    private readonly Option<bool?> _revise = Switch("--revise", "For commit and leftToRight: committed tokens may change");
    private readonly Option<bool?> _openFollow = Switch("--open-follow", "For commit and leftToRight: open tokens follow the grid to lower noise");
    private readonly Option<int?> _toldDelay = new("--told-delay") { Description = "Tell the network the timestep of N steps earlier", HelpName = "N" };
    private readonly Option<double?> _toldFloor = Number("--told-floor", "Tell the network timesteps between this share of the noisiest and the noisiest");
    private readonly Option<double?> _stagger = Number("--stagger", "For renoise, posterior and ddim: over which share of the steps the tokens begin; 0 is together");
    private readonly Option<TokenOrder?> _staggerOrder = Named<TokenOrder>("--stagger-order", "With --stagger: which tokens begin first, confidence or leftToRight");
    private readonly Option<double?> _noiseScale = Number("--noise-scale", "For one-hot diffusion: a factor on the noise of sampling; below 1, samples gather at the most probable ones");
    private readonly Option<double?> _lengthBias = Number("--length-bias", "Make the end of a sentence less likely: above 0, sentences grow longer");

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_sampler, _grid, _logSnrMin, _logSnrMax, _soft, _eta, _churn, _revise, _openFollow, _toldDelay, _toldFloor, _stagger, _staggerOrder, _noiseScale, _lengthBias];

    /// <summary>The sampling with what was typed.</summary>
    public SamplingOptions Read(ParseResult parsed, SamplingOptions sampling) => sampling with
    {
        Sampler = parsed.GetValue(_sampler),
        Grid = parsed.GetValue(_grid),
        LogSnrMin = parsed.GetValue(_logSnrMin),
        LogSnrMax = parsed.GetValue(_logSnrMax),
        Soft = parsed.GetValue(_soft),
        Eta = parsed.GetValue(_eta),
        Churn = parsed.GetValue(_churn),
        Revise = parsed.GetValue(_revise),
        OpenFollow = parsed.GetValue(_openFollow),
        ToldDelay = parsed.GetValue(_toldDelay),
        ToldFloor = parsed.GetValue(_toldFloor),
        Stagger = parsed.GetValue(_stagger),
        StaggerOrder = parsed.GetValue(_staggerOrder),
        NoiseScale = parsed.GetValue(_noiseScale),
        LengthBias = parsed.GetValue(_lengthBias),
    };

    private static Option<T?> Named<T>(string name, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = "NAME",
        CustomParser = result =>
        {
            if (CommonOptions.Name<T>(result.Tokens[^1].Value) is { } value)
                return value;
            result.AddError($"{name}: '{result.Tokens[^1].Value}' is not valid; use {string.Join(", ", Enum.GetNames<T>().Select(CamelCase))}.");
            return null;
        },
    };

    private static Option<double?> Number(string name, string description) => new(name) { Description = description, HelpName = "X" };

    private static Option<bool?> Switch(string name, string description) => new(name) { Description = description, HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
