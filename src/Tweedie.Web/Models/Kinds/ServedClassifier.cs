using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using static TorchSharp.torch;

namespace Tweedie.Web.Models;

/// <summary>A classifier.</summary>
internal sealed class ServedClassifier(ImageClassifier classifier, TweedieWebOptions options) : ServedKind(options.Limits)
{
    public override string Name => "classifier";

    public override TokenModel Model => classifier.Model;

    public override ITokenModelOptions Options => classifier.Options;

    public override int Entries => classifier.Options.ClassNames.Count;

    public override bool WantsDistributions => true;

    public override IReadOnlyList<string> Tasks => ["classify"];

    public override ModelDescription Describe(ModelDescription common) => common with
    {
        Classes = classifier.Options.ClassNames,
        Image = ImageArguments.SizeOf(classifier.Options),
    };

    public override Plan Classify(ClassifyRequest request, IReadOnlyList<RasterImage> images)
    {
        var (sampling, top) = (Resolve(request.Sampling, takesDraws: true), Top(request.Top, 1, 5));
        return new(ImageArguments.Asked(Model, images, sampling, known: null), sampling, top, denoised => Render(denoised, sampling, top));
    }

    public override DenoisingJob.Prediction ReadOff(Tensor condition)
    {
        using var prediction = classifier.PredictEncoded(condition);
        return new(prediction.Classes.unsqueeze(1).clone(), prediction.Mean.unsqueeze(1).clone());
    }

    public override string Word(long id, int place) => classifier.Options.ClassNames[(int)id];

    public override string? Text(long[] row) => Word(row[0], 0);

    private ClassResult Render(Denoised denoised, SamplingOptions sampling, int top)
    {
        var mean = new float[Entries];
        foreach (var draw in denoised.Distributions!)
            for (var k = 0; k < mean.Length; k++)
                mean[k] += draw[k] / denoised.Distributions.Length;
        var temperature = classifier.Calibration?.Find(IsLinear ? null : sampling)?.Temperature;
        if (temperature is { } scale)
            TemperatureScaling.Apply(mean, mean.Length, scale); // it keeps their order
        return new([.. ClassAnswer.Best(classifier.Options.ClassNames, mean, new float[mean.Length], null, top).Select(answer => new ClassShare(answer.Name, answer.Probability))], denoised.Steps, temperature is not null);
    }
}
