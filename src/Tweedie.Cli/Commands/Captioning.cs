using Spectre.Console;
using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>One image's captions, one per draw, and the trajectory of the first one when asked for.</summary>
internal sealed record Captioning(string Image, IReadOnlyList<string> Captions, IReadOnlyList<CaptionStep>? Trace)
{
    /// <summary>The caption that was chosen among them, where one was asked for.</summary>
    public string? Chosen { get; init; }

    public static Captioning Of(ImageCaptioner captioner, string path, SamplingOptions sampling, TokenConstraint? constraint, bool trace, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var image = ImageDecoder.DecodeFile(path, captioner.Options.Input.Channels);
        var condition = captioner.Encode(captioner.Prepare([image]));
        var (captions, chosen, steps) = ((IReadOnlyList<string>)[], (string?)null, new List<CaptionStep>());
        foreach (var step in captioner.Denoise(condition, sampling, constraint, cancellation))
        {
            if (trace)
                steps.Add(CaptionStep.Of(step.Snapshot(), captioner.Tokenizer, steps.LastOrDefault()));
            if (!step.IsLast)
                continue;
            captions = captioner.Sentences(step.Tokens);
            chosen = sampling.Choose == CandidateChoice.None ? null : captioner.Choose(step.Tokens, condition, sampling.Choose);
        }
        return new Captioning(path, captions, trace ? steps : null) { Chosen = chosen };
    }

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(Image);
        foreach (var step in Trace ?? [])
            step.Print(console);
        if (Chosen is not null)
            console.WriteLine($"  {Shown(Chosen)}");
        foreach (var caption in Captions)
            console.WriteLine($"  {(Chosen is null ? "" : "- ")}{Shown(caption)}");
    }

    private static string Shown(string caption) => caption.Length == 0 ? "(no words)" : caption;
}
