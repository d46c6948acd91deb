using System.CommandLine;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary>
/// The options of a command that samples a model of tokens: the steps, how entries are chosen, the sampler and the seed. An option that is not given takes the
/// model's own default.
/// </summary>
internal sealed class DrawOptions
{
    private readonly Option<int?> _steps = new("--steps") { Description = "Sampling steps; by default the model's own number, or 100; an autoregressive model has one per token", HelpName = "N" };
    private readonly Option<ToOneKind> _toOne = new Option<ToOneKind>("--to-one") { Description = "argmax or multinomial; by default the model's own", HelpName = "NAME" }.OneOf();
    private readonly Option<double> _temperature = new("--temperature") { Description = CommonOptions.TemperatureWords, HelpName = "X" };
    private readonly Option<double> _topP = new("--top-p") { Description = CommonOptions.TopPWords, HelpName = "X" };
    private readonly Option<int> _beams = new Option<int>("--beams") { Description = "For an autoregressive model: texts that are followed at a time, of which the best is given", HelpName = "N" }.AtLeast(1);
    private readonly Option<UnmaskingKind> _unmasking = new Option<UnmaskingKind>("--unmasking") { Description = "For a masked diffusion model: confidence or ancestral", HelpName = "NAME" }.OneOf();
    private readonly Option<long> _seed = CommonOptions.Seed();
    private readonly SamplerOptions _sampler = new();

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _steps, _toOne, _temperature, _topP, _beams, _unmasking, _seed })
            command.Add(option);
        _sampler.AddTo(command);
    }

    /// <summary>The sampling with what was typed.</summary>
    public SamplingOptions Read(ParseResult parsed, SamplingOptions sampling) => _sampler.Read(parsed, sampling with
    {
        Steps = parsed.GetValue(_steps),
        ToOne = parsed.GivenOrNull(_toOne),
        Temperature = parsed.GivenOrNull(_temperature),
        TopP = parsed.GivenOrNull(_topP),
        Beams = parsed.GivenOrNull(_beams),
        Unmasking = parsed.GivenOrNull(_unmasking),
        Seed = parsed.GetValue(_seed),
    });
}
