using System.Text.Json;
using Tweedie.Images;

namespace Tweedie.Tests.Data.Transforms;

public sealed class AugmentOperationTests
{
    private const string Folder = "fixtures/timm-augment";

    [Fact]
    public void Pixels_equal_those_of_timm_on_Pillow()
    {
        var folder = Shared.Path(Folder);
        var cases = Json(Path.Combine(folder, "index.json"));
        var images = new Dictionary<string, RasterImage>();
        RasterImage Image(string name) =>
            images.TryGetValue(name, out var image) ? image : images[name] = ImageDecoder.DecodeFile(Path.Combine(folder, name));
        var wrong = new List<string>();

        foreach (var entry in cases)
        {
            var arguments = entry.GetProperty("level_args");
            var argument = arguments.GetArrayLength() == 0 ? 0 : arguments[0].GetDouble();
            var interpolation = entry.GetProperty("resample").GetString() == "bilinear" ? Interpolation.Bilinear : Interpolation.Bicubic;
            var operation = Operation(entry.GetProperty("op").GetString()!, increasing: true, interpolation, Fill(entry));
            var actual = operation.Pixels(Image(entry.GetProperty("input").GetString()!), argument);
            if (!actual.Pixels.SequenceEqual(Image(entry.GetProperty("output").GetString()!).Pixels))
                wrong.Add(entry.GetProperty("case").GetString()!);
        }

        wrong.Should().BeEmpty();
        cases.Should().NotBeEmpty();
    }

    [Fact]
    public void Arguments_equal_those_of_timm()
    {
        foreach (var entry in Json(Shared.Path(Folder + "/level_args.json")))
        {
            var operation = Operation(entry.GetProperty("op").GetString()!, increasing: true);
            var magnitude = entry.GetProperty("magnitude").GetDouble();
            var negative = entry.GetProperty("negative");
            var because = $"{operation.Name} at magnitude {magnitude}";

            operation.HasDirection.Should().Be(negative.ValueKind != JsonValueKind.Null, because);
            operation.Argument(magnitude, 1).Should().BeApproximately(entry.GetProperty("positive").GetDouble(), 1e-12, because);
            if (operation.HasDirection)
                operation.Argument(magnitude, -1).Should().BeApproximately(negative.GetDouble(), 1e-12, because);
        }
    }

    [Theory]
    [InlineData("Posterize", 10, 4)]
    [InlineData("Posterize", 2, 0)]
    [InlineData("Solarize", 10, 256)]
    [InlineData("Solarize", 1, 25)]
    [InlineData("Color", 0, 0.1)]
    [InlineData("Sharpness", 10, 1.9)]
    public void Without_inc_some_operations_change_less_at_a_larger_magnitude(string name, double magnitude, double argument)
    {
        var operation = Operation(name, increasing: false);
        operation.HasDirection.Should().BeFalse();
        operation.Argument(magnitude, 1).Should().BeApproximately(argument, 1e-12);
    }

    [Fact]
    public void Grey_images_keep_their_shape_and_their_colour()
    {
        var image = Encoded.Pattern(24, 20, 1);
        var warp = new AffineWarp([128], Interpolation.Bicubic);
        foreach (var operation in AugmentOperations.Create(increasing: true, warp))
        {
            var changed = operation.Apply(image, 9, new SampleRandom(1));
            changed.Shape.Should().Be(image.Shape, operation.Name);
            if (operation.Name == "ColorIncreasing")
                changed.Should().BeSameAs(image);
            else
                changed.Pixels.ToArray().Should().NotEqual(image.Pixels.ToArray(), operation.Name);
        }
    }

    [Fact]
    public void No_operation_writes_into_its_image()
    {
        var image = Encoded.Pattern(12, 12, 3);
        var before = image.Pixels.ToArray();
        foreach (var increasing in new[] { false, true })
        {
            foreach (var operation in AugmentOperations.Create(increasing, new AffineWarp([1, 2, 3], Interpolation.Bilinear)))
                operation.Apply(image, 9, new SampleRandom(1));
        }

        image.Pixels.ToArray().Should().Equal(before);
    }

    [Fact]
    public void A_half_turn_mirrors_both_ways()
    {
        var image = Encoded.Pattern(5, 4, 3);
        var turned = new AffineWarp([0, 0, 0], Interpolation.Bicubic).Apply(image, AffineMap.Rotate(180, 5, 4));
        for (var i = 0; i < 20; i++)
            turned.Pixels.Slice(3 * i, 3).ToArray().Should().Equal(image.Pixels.Slice(3 * (19 - i), 3).ToArray());
    }

    private static AugmentOperation Operation(string name, bool increasing, Interpolation interpolation = Interpolation.Bicubic, byte[]? fill = null) =>
        AugmentOperations.Create(increasing, new AffineWarp(fill ?? [124, 116, 104], interpolation)).Single(operation => operation.Name == name);

    private static byte[]? Fill(JsonElement entry) =>
        entry.GetProperty("fill") is { ValueKind: JsonValueKind.Array } fill ? [.. fill.EnumerateArray().Select(value => value.GetByte())] : null;

    private static List<JsonElement> Json(string path) => [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()];
}
