using Tweedie.Sampling;

namespace Tweedie.Cli.Output;

/// <summary>Says how entries are chosen from scores, as the options of the command line say it.</summary>
internal static class ChoiceWords
{
    /// <summary>The rule in a few words, such as <c>multinomial, temperature 0.7</c>.</summary>
    public static string Of(SamplingOptions sampling) =>
        (sampling.ToOne ?? ToOneKind.Argmax).ToString().ToLowerInvariant()
        + (sampling.Temperature is null or 1 ? "" : FormattableString.Invariant($", temperature {sampling.Temperature}"))
        + (sampling.TopP is null or 1 ? "" : FormattableString.Invariant($", top-p {sampling.TopP}"))
        + (sampling.Beams is null or 1 ? "" : $", {sampling.Beams} beams");
}
