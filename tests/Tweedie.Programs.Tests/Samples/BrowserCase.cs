using System.Text.Json;
using System.Text.Json.Nodes;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Tests.Onnx;

namespace Tweedie.Tests.Samples;

/// <summary>Exported models, each with an image and a sampling, and what .NET computes with them.</summary>
internal static class BrowserCase
{
    private static readonly CaptionerOptions Captioner = TinyCaptioner.Options;
    private static readonly ClassifierOptions Classifier = TinyClassifier.Options;
    private static readonly SamplingOptions Guided = new() { Steps = 5, Guidance = 2, Seed = 3, Decode = DecodeKind.Last };

    private static readonly Dictionary<string, (object Model, SamplingOptions Sampling)> Cases = new()
    {
        ["captioner"] = (Captioner, Guided),
        ["captioner, many steps"] = (Captioner, new() { Steps = 40, Seed = long.MaxValue }),
        ["captioner, rising guidance and length bias"] = (Captioner, Guided with { GuidanceSchedule = GuidanceSchedule.Linear, LengthBias = 1.5, StopWhenStable = 1, Steps = 12 }),
        ["captioner, control"] = (Captioner, Guided with { Control = true }),
        ["captioner, told late"] = (Captioner, Guided with { ToldDelay = 1, ToldFloor = 0.1 }),
        ["captioner, embedded"] = (Captioner with { Denoiser = Captioner.Denoiser with { Width = 4, Heads = 1 } }, Guided),
        ["captioner, evidence and self-conditioning"] = (Captioner with { Denoiser = Captioner.Denoiser with { SelfConditioning = true }, Diffusion = new() { Prediction = PredictionKind.Evidence } }, Guided),
        ["captioner, committed"] = (Captioner with { Diffusion = new() { Prediction = PredictionKind.Evidence } }, Guided with { Sampler = SamplerKind.Commit, Steps = 4 }),
        ["captioner, committed from the left, embedded"] = (Captioner with { Denoiser = Captioner.Denoiser with { Width = 4, Heads = 1 } }, Guided with { Sampler = SamplerKind.LeftToRight, Steps = 6 }),
        ["captioner, committed and revised, open tokens follow"] = (Captioner, Guided with { Sampler = SamplerKind.Commit, Steps = 8, Revise = true, OpenFollow = true }),
        ["captioner, masked"] = (Captioner with { Method = TokenMethod.Mdd }, Guided with { Decode = null }),
        ["captioner, masked, more steps than tokens"] = (Captioner with { Method = TokenMethod.Mdd }, new() { Steps = 9 }),
        ["classifier"] = (Classifier, Guided),
        ["classifier, consensus"] = (Classifier, Guided with { Decode = DecodeKind.Consensus }),
        ["classifier, linear schedule"] = (Classifier with { Diffusion = new() { Schedule = ScheduleKind.Linear } }, Guided),
        ["classifier, log-SNR schedule"] = (Classifier with { Diffusion = new() { Schedule = ScheduleKind.LogSnr, LogSnrMin = -2 } }, Guided),
        ["classifier, one step"] = (Classifier, new() { Steps = 1 }),
        ["classifier, smaller crop, bilinear"] = (Classifier with { CropRatio = 0.8, Interpolation = Interpolation.Bilinear }, Guided),
        ["classifier, stretched"] = (Classifier with { Fit = ImageFit.Stretch }, Guided),
        ["classifier, frozen encoder"] = (new FrozenEncoderOptions { Preprocess = new() { Size = 6 } }, Guided),
        ["classifier, frozen encoder, inner tensor, its channels and range"] = (new FrozenEncoderOptions
        {
            Output = "positive",
            Preprocess = new() { Size = 2, Channels = ChannelOrder.Bgr, Range = 255, Mean = [20, 50, 90], Std = [60, 50, 40], CropRatio = 0.5 },
        }, Guided),
        ["classifier, frozen encoder, a first file"] = (new FrozenEncoderOptions { Preprocess = new() { Size = 4, First = "first.onnx" } }, Guided),
        ["linear classifier"] = (TinyClassifier.Linear, new()),
    };

    /// <summary>All cases.</summary>
    public static IEnumerable<string> Names => Cases.Keys;

    /// <summary>Exports a model and writes what .NET computes with it.</summary>
    /// <returns>The answer; null for a linear head.</returns>
    public static string? Write(TemporaryFolder target, string name)
    {
        var (model, sampling) = Cases[name];
        var (image, folder) = (Noise(23, 31), target.File("model"));
        ImageWriter.Save(image, target.File("image.png"));
        IReadOnlyList<Step> steps;
        string? answer = null;
        SamplingOptions resolved;
        if (model is CaptionerOptions captions)
        {
            using (var captioner = TinyCaptioner.Create(captions))
                OnnxExport.Export(captioner, folder);
            using var exported = OnnxCaptioner.Load(folder);
            var condition = exported.Encode([image]);
            resolved = exported.Model.Resolve(sampling);
            steps = [.. exported.Model.Denoise(condition, resolved).Select(Step.Of)];
            answer = exported.Caption(condition, sampling)[0];
        }
        else
        {
            using (var classifier = model is FrozenEncoderOptions frozen ? TinyClassifier.CreateFrozen(WriteEncoder(target, frozen)) : TinyClassifier.Create((ClassifierOptions)model))
                OnnxExport.Export(classifier, folder);
            using var exported = OnnxClassifier.Load(folder);
            var condition = exported.Encode([image]);
            resolved = exported.Model.Resolve(sampling);
            if (exported.Options.State == OnnxState.None)
                steps = [new(0, [], [], condition.Part("logits"))];
            else
            {
                steps = [.. exported.Model.Denoise(condition, resolved).Select(Step.Of)];
                answer = exported.Options.ClassNames[exported.Predict(condition, sampling).Classes[0]];
            }
        }
        var options = JsonNode.Parse(ConfigWriter.ToJson(resolved))!;
        options["seed"] = $"{resolved.Seed}"; // JavaScript's numbers have 53 bits
        File.WriteAllText(target.File("case.json"), JsonSerializer.Serialize(new
        {
            Image = new { image.Width, image.Height, Pixels = Convert.ToBase64String(image.Pixels) },
            ItemSeed = $"{ItemStreams.Seeds(resolved.Seed, [0])[0]}",
            Sampling = options,
            Steps = steps,
            Answer = answer,
        }, JsonSerializerOptions.Web));
        return answer;
    }

    // An encoder whose weights lie in a file of their own, or one with an inner tensor where that is asked for.
    private static FrozenEncoderOptions WriteEncoder(TemporaryFolder target, FrozenEncoderOptions frozen)
    {
        target.Write("encoder/weights.bin", [.. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(-1f), .. BitConverter.GetBytes(0.25f)]);
        if (frozen.Preprocess!.First is { } first)
            target.Write($"encoder/{first}", TinyOnnx.Of("Neg", [null, 3, 4, 4], [null, 3, 4, 4]));
        return frozen with { Onnx = target.Write("encoder/tiny.onnx", frozen.Output is null ? TinyOnnx.WithExternalData("weights.bin") : TinyOnnx.Pooling()) };
    }

    /// <summary>A step of .NET.</summary>
    private sealed record Step(int Timestep, long[] Tokens, bool[] Open, float[] Logits)
    {
        public static Step Of(OnnxStep step)
        {
            var scores = step.Scores;
            var hidden = step.Snapshot(top: 0).Hidden;
            var logits = new List<float>();
            for (var token = 0; token < scores.Count; token++)
                logits.AddRange(scores.Of(token));
            return new(step.Level.Timestep, step.Tokens, hidden is null ? [] : hidden[0], [.. logits]);
        }
    }

    private static RasterImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(5).NextBytes(pixels);
        return new RasterImage(width, height, 3, pixels);
    }
}
