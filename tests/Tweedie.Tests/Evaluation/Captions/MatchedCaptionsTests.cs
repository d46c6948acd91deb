using Tweedie.Evaluation.Captions;
using Tweedie.Images;

namespace Tweedie.Tests.Evaluation.Captions;

public sealed class MatchedCaptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CocoCaptions References()
    {
        var path = _folder.File("captions.json");
        File.WriteAllText(path, """
            {"images": [{"id": 1, "file_name": "1.png"}, {"id": 2, "file_name": "2.png"}, {"id": 3, "file_name": "3.png"}, {"id": 4, "file_name": "4.png"}],
             "annotations": [{"image_id": 1, "caption": "a red dog"}, {"image_id": 2, "caption": "a cat"}, {"image_id": 4, "caption": "the sea"}]}
            """);
        return CocoCaptions.Load(path);
    }

    [Fact]
    public void Results_meet_the_captions_of_their_image_and_the_rest_is_counted()
    {
        var matched = MatchedCaptions.Match([new(4, "sea"), new(3, "nobody captioned this"), new(1, "dog")], References());

        matched.Pairs.Select(pair => (pair.Image.Id, pair.Caption, pair.Image.Captions[0])).Should().Equal((4, "sea", "the sea"), (1, "dog", "a red dog"));
        (matched.WithoutReference, matched.WithoutResult).Should().Be((1, 1));
        matched.Score().Bleu.CandidateLength.Should().Be(2);
    }

    [Fact]
    public void Unknown_images_are_counted_and_named()
    {
        var match = () => MatchedCaptions.Match([new(1, "dog"), new(77, "cat"), new(78, "cat")], References());

        match.Should().Throw<TweedieException>().WithMessage("*captions.json: does not list 2 of the 3 results' images, such as image_id 77, 78;*");
    }

    [Fact]
    public void Results_without_any_reference_are_refused()
    {
        var match = () => MatchedCaptions.Match([new(3, "dog")], References());

        match.Should().Throw<TweedieException>().WithMessage("*none of the 1 results' images has a caption*");
    }
}
