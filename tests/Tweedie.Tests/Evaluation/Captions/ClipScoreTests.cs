using TorchSharp;
using Tweedie.Evaluation;
using Tweedie.Evaluation.Captions;
using Tweedie.Images;
using Tweedie.Tests.Models.Clip;
using static TorchSharp.torch;

namespace Tweedie.Tests.Evaluation.Captions;

public sealed class ClipScoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_three_conventions_differ_in_scale_and_below_zero()
    {
        var images = tensor(new float[,] { { 1, 0 }, { 0, 1 } });
        var texts = tensor(new float[,] { { 0.6f, 0.8f }, { 0.6f, -0.8f } }); // cosines 0.6 and -0.8

        var score = ClipScore.Of(images, texts);

        score.Cosine.Should().BeApproximately(-0.1, 1e-7);
        score.Times100.Should().BeApproximately(30, 1e-5);
        score.ClipS.Should().BeApproximately(0.75, 1e-6);
    }

    [Fact]
    public void Retrieval_counts_both_directions()
    {
        var images = eye(6);
        var texts = eye(6).clone();
        texts[0].copy_(tensor(new[] { 0.6f, 0.8f, 0, 0, 0, 0 })); // text 0 is nearer to image 1

        var retrieval = ImageTextRetrieval.Of(images, texts);

        retrieval.ImageToText.Top1.Should().Be(1);
        retrieval.TextToImage.Top1.Should().BeApproximately(5 / 6.0, 1e-12);
        retrieval.TextToImage.Top5.Should().Be(1);
    }

    [Fact]
    public void A_report_pairs_each_image_with_its_caption_another_and_a_reference()
    {
        using var model = TinyClip.Create();
        string[] captions = ["a red dog", "the blue cat", "dog"];
        var images = Enumerable.Range(0, 3).Select(new ShapeSource(3, 16).Read).ToList();
        for (var i = 0; i < 3; i++)
            ImageWriter.Save(images[i], _folder.File($"{i}.png"));
        var matched = new MatchedCaptions([.. captions.Select((caption, i) => (new CaptionedImage(i, $"{i}.png", ["the cat"]), caption))], 0, 0);

        var report = ClipReport.Create(model, matched, _folder.Path);

        var vectors = model.EncodeImages(images);
        report.Captions.Should().Be(ClipScore.Of(vectors, model.EncodeTexts(captions)));
        report.Shuffled!.Cosine.Should().BeApproximately(ClipScore.Of(vectors, model.EncodeTexts([captions[2], captions[0], captions[1]])).Cosine, 1e-7);
        report.References.Cosine.Should().BeApproximately(ClipScore.Of(vectors, model.EncodeTexts(["the cat", "the cat", "the cat"])).Cosine, 1e-7);
        report.Cut.Should().Be(0);
        ClipReport.Create(model, new MatchedCaptions([(matched.Pairs[0].Image, string.Join(' ', Enumerable.Repeat("dog", 99)))], 0, 0), _folder.Path)
            .Should().Match<ClipReport>(one => one.Shuffled == null && one.Cut == 1);
        ClipReport.Create(model, matched, _folder.Path, "red ").Captions.Should()
            .Be(ClipScore.Of(vectors, model.EncodeTexts(captions.Select(caption => "red " + caption))));
    }

    [Fact]
    public void Missing_images_are_counted_and_named_before_any_is_read()
    {
        using var model = TinyClip.Create();
        var matched = new MatchedCaptions([(new CaptionedImage(1, "no.png", ["x"]), "y"), (new CaptionedImage(2, "nor.png", ["x"]), "y")], 0, 0);

        var report = () => ClipReport.Create(model, matched, _folder.Path);

        report.Should().Throw<TweedieException>().WithMessage($"{_folder.Path}: 2 of 2 images are missing, such as no.png.");
    }
}
