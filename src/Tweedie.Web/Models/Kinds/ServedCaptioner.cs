using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;
using static TorchSharp.torch;

namespace Tweedie.Web.Models;

/// <summary>A captioner.</summary>
internal sealed class ServedCaptioner(ImageCaptioner captioner, TweedieWebOptions options) : ServedKind(options.Limits)
{
    public override string Name => "captioner";

    public override TokenModel Model => captioner.Model;

    public override ITokenModelOptions Options => captioner.Options;

    public override int Entries => captioner.Tokenizer.VocabularySize;

    public override IReadOnlyList<string> Tasks => ["caption", "fill", "score"];

    protected override long? End => captioner.Tokenizer.Special.End;

    public override ModelDescription Describe(ModelDescription common) => common with { Image = ImageArguments.SizeOf(captioner.Options) };

    public override Plan Caption(CaptionRequest request, IReadOnlyList<RasterImage> images) => Denoise(request, images, request.Template);

    public override Plan Fill(FillRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("rows", request.Rows is not null, "give a template and an image");
        Refuse("count", request.Count is not null, "ask for several by sampling.draws");
        return Denoise(request, images, request.Template ?? throw WebProblem.Refused("template: must be given, such as \"a [__] dog...\"."));
    }

    public override ScoringPlan Score(ScoreRequest request, IReadOnlyList<RasterImage> images)
    {
        Refuse("rows", request.Rows is not null, "give texts and an image");
        if (images.Count != 1)
            throw WebProblem.Refused($"images: captions are scored given one image, and there are {images.Count}.");
        return LikelihoodScores.OfCaptions(Model, captioner.Tokenizer, captioner.Prepare(images), LikelihoodScores.TextsOf(request, Limits), request);
    }

    public override TokenConstraint Constrain(IReadOnlyList<long[]> rows) => captioner.Constrain(rows);

    public override Tensor Choose(Tensor rows, Tensor condition, SamplingOptions sampling) =>
        captioner.ChooseRow(rows, condition, sampling.Choose == CandidateChoice.None ? CandidateChoice.Overlap : sampling.Choose);

    public override string Word(long id, int place) => TokenWords.Of(captioner.Tokenizer, id);

    public override string? Text(long[] row) => captioner.Sentence(row);

    private Plan Denoise(SamplingRequest request, IReadOnlyList<RasterImage> images, string? template)
    {
        CheckLength("template", template);
        var sampling = Resolve(request.Sampling, takesDraws: true);
        var row = template is null ? null : captioner.Row(TokenTemplate.Parse(template, captioner.Tokenizer));
        var top = Top(request.Top, 0, 0);
        return new(ImageArguments.Asked(Model, images, sampling, row is null || row.All(id => id < 0) ? null : row), sampling, top, denoised => new TokenResult(
            denoised.Steps, Words(denoised.Chosen), Text(denoised.Chosen), denoised.Rows.Length == 1 ? null : [.. denoised.Rows.Select(draw => new Candidate(Text(draw)!))]));
    }
}
