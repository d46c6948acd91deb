using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data.Scenes;

public sealed class SceneGrammarTests
{
    private static readonly Gen<Scene> Scenes = Gen.Long.Select(seed => Scene.Random(new SampleRandom(seed)));

    [Fact]
    public void Every_phrasing_of_a_scene_means_that_scene() => Scenes.Sample(scene =>
    {
        foreach (var phrasing in ScenePhrasing.All)
            SceneParser.Parse(phrasing.Describe(scene)).Should().Be(scene, phrasing.Describe(scene));
    });

    [Fact]
    public void Scenes_that_differ_are_told_apart_in_every_pair_of_phrasings() => Gen.Select(Scenes, Scenes).Sample((first, second) =>
    {
        foreach (var phrasing in ScenePhrasing.All)
            (SceneParser.Parse(ScenePhrasing.All[0].Describe(first))!.Equals(SceneParser.Parse(phrasing.Describe(second))))
                .Should().Be(first.Equals(second));
    });

    [Fact]
    public void Phrasings_differ()
    {
        var scene = Scene.Random(new SampleRandom(1));

        ScenePhrasing.All.Select(phrasing => phrasing.Describe(scene)).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("a small red circle at the top left.")]
    [InlineData("There is a small red circle in the top left")]
    [InlineData("in the top left is a tiny red circle .")]
    [InlineData("at the top left a little red circle")]
    public void Words_differ_and_the_meaning_does_not(string caption) =>
        SceneParser.Parse(caption).Should().Be(new Scene([new(ScenePlace.TopLeft, SceneSize.Small, "red", "circle")]));

    [Fact]
    public void The_order_of_the_shapes_does_not_matter() =>
        SceneParser.Parse("a big blue ring at the bottom right, a small red circle at the top left and a tiny white cross in the top right.")
            .Should().Be(SceneParser.Parse("a small red circle in the top left, a tiny white cross at the top right and a large blue ring in the bottom right"));

    [Theory]
    [InlineData("")]
    [InlineData("a small red circle")]
    [InlineData("a red small circle at the top left.")]
    [InlineData("a small red dog at the top left.")]
    [InlineData("a small red circle at the middle left.")]
    [InlineData("a small red circle at the top left,")]
    [InlineData("a small red circle at the top left a big blue ring at the top right.")]
    [InlineData("a small red circle at the top left and a big blue ring at the top left.")]
    [InlineData("a small red circle at the top left. circle")]
    [InlineData("there a small red circle at the top left.")]
    [InlineData("a small red circle at the top left, a small red circle at the top right, a small red circle at the bottom left and a small red circle at the bottom right.")]
    public void What_follows_no_rule_or_describes_no_scene_means_nothing(string caption) => SceneParser.Parse(caption).Should().BeNull();

    [Fact]
    public void Any_text_is_parsed_without_an_exception() => Gen.OneOf(
        Gen.String, Gen.OneOfConst("a", "small", "red", "circle", "at", "the", "top", "left", "and", ",", ".", "there", "is").Array.Select(words => string.Join(' ', words)))
        .Sample(text => { _ = SceneParser.Parse(text); });
}
