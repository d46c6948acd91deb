using Tweedie.Images;

namespace Tweedie.Tests.Data.Captions;

public sealed class CocoCaptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string json)
    {
        var path = _folder.File("captions.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static string ErrorOf(Action action) => action.Should().Throw<TweedieException>().Which.Message;

    [Theory]
    [InlineData("flickr8k-4k/captions_val.json", 500, 2500)]
    [InlineData("coco-mini/captions_val.json", 284, 1421)]
    public void Real_files_are_read(string file, int images, int captions)
    {
        var coco = CocoCaptions.Load(Shared.Path($"data/{file}"));

        coco.Images.Should().HaveCount(images);
        coco.Images.Sum(image => image.Captions.Count).Should().Be(captions);
        coco.Find(coco.Images[7].Id).Should().BeSameAs(coco.Images[7]);
        coco.Find(-1).Should().BeNull();
    }

    [Theory]
    [InlineData("../secret.jpg"), InlineData("a/../../secret.jpg"), InlineData("/etc/passwd"), InlineData("\\\\host\\share"), InlineData("C:a.jpg"), InlineData("a\u0000.jpg"), InlineData("")]
    public void A_file_outside_the_folder_of_images_is_refused(string file)
    {
        var name = System.Text.Json.JsonSerializer.Serialize(file);
        var path = Write($$"""{"images": [{"id": 9, "file_name": {{name}}}], "annotations": []}""");

        ErrorOf(() => CocoCaptions.Load(path)).Should().Contain("of image 9 leads out of the folder of images").And.NotContainAny("\n", "\0");
    }

    [Fact]
    public void Captions_belong_to_their_image_in_the_order_of_the_file()
    {
        var path = Write("""
            {"info": {"year": 2017}, "images": [{"id": 9, "file_name": "b.jpg", "width": 3}, {"id": 4, "file_name": "a.jpg"}],
             "annotations": [{"id": 1, "image_id": 4, "caption": "one"}, {"id": 2, "image_id": 4, "caption": "zwei ü"}]}
            """);

        var images = CocoCaptions.Load(path).Images;

        images.Select(image => (image.Id, image.FileName)).Should().Equal((9, "b.jpg"), (4, "a.jpg"));
        images[0].Captions.Should().BeEmpty();
        images[1].Captions.Should().Equal("one", "zwei ü");
    }

    [Theory]
    [InlineData("{\"images\": [],\n \"annotations\": [,]}", "line 2, column 18: is not valid JSON")]
    [InlineData("{\"images\": [],\n \"annotations\": [", "is not valid JSON")]
    [InlineData("{\"images\": []}", "line 1, column 15: $ lacks 'annotations'")]
    [InlineData("{\"images\": [{\"id\": 3}], \"annotations\": []}", "$.images[0] lacks 'file_name'")]
    [InlineData("{\"images\": [],\n\"annotations\": [{\"image_id\": \"7\", \"caption\": \"x\"}]}", "line 2, column 33: $.annotations[0].image_id has a value of another type")]
    [InlineData("{\"images\": [{\"id\": 3, \"file_name\": \"a\"}], \"annotations\": [{\"image_id\": 3, \"caption\": null}]}", "$.annotations[0].caption")]
    [InlineData("null", "holds null")]
    [InlineData("{\"images\": [{\"id\": 3, \"file_name\": \"a\"}, null], \"annotations\": []}", "$.images[1] is null")]
    [InlineData("{\"images\": [], \"annotations\": [null]}", "$.annotations[0] is null")]
    [InlineData("{\"images\": [{\"id\": 3, \"file_name\": \"a\"}, {\"id\": 3, \"file_name\": \"b\"}], \"annotations\": []}", "the id 3 twice")]
    [InlineData("{\"images\": [], \"annotations\": [{\"image_id\": 7, \"caption\": \"a dog\"}]}", "the caption 'a dog' has image_id 7")]
    public void Malformed_captions_name_the_file_and_the_place(string json, string problem)
    {
        var path = Write(json);

        ErrorOf(() => CocoCaptions.Load(path)).Should().StartWith(path).And.Contain(problem).And.NotContain("\n");
    }

    [Fact]
    public void Results_are_read_as_they_were_written()
    {
        var path = _folder.File("results.json");
        CaptionResult[] results = [new(12, "a \"quoted\" dog & <ü>"), new(3, "")];

        CocoResults.Save(path, results);

        CocoResults.Load(path).Should().Equal(results);
        File.ReadAllText(path).Should().StartWith("[{\"image_id\":12,\"caption\":\"a ");
    }

    [Theory]
    [InlineData("[]", "no captions")]
    [InlineData("{}", "line 1, column 2: $ has a value of another type")]
    [InlineData("[{\"image_id\": 1, \"caption\": \"a\"}, {\"image_id\": 1, \"caption\": \"b\"}]", "2 captions of image_id 1")]
    [InlineData("[{\"image_id\": 1}]", "$[0] lacks 'caption'")]
    [InlineData("[{\"image_id\": 1, \"caption\": \"a\"}, null]", "$[1] is null")]
    public void Malformed_results_name_the_file_and_the_place(string json, string problem)
    {
        var path = Write(json);

        ErrorOf(() => CocoResults.Load(path)).Should().StartWith(path).And.Contain(problem);
    }

    [Fact]
    public void A_missing_file_is_named() => ErrorOf(() => CocoResults.Load(_folder.File("no.json"))).Should().Contain("no.json: cannot be read: it does not exist");
}
