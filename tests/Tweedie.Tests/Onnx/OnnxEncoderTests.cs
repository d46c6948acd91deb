using Tweedie.Images;
using Tweedie.Onnx;

namespace Tweedie.Tests.Onnx;

public sealed class OnnxEncoderTests : IDisposable
{
    private static readonly PreprocessOptions _preprocess = new() { Size = 4 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pooled_features_are_one_vector_and_an_inner_tensor_is_a_map()
    {
        using var pooled = Open(TinyOnnx.Pooling());
        using var map = Open(TinyOnnx.Pooling(), output: "positive");
        var images = Images(2);
        var (means, vectors) = (new float[2 * 3], new float[2 * 16 * 3]);

        pooled.Extract(images, 2, means);
        map.Extract(images, 2, vectors);

        (pooled.Tokens, pooled.Width).Should().Be((1, 3));
        means.Should().Equal(Enumerable.Range(0, 6).Select(plane => images[(plane * 16)..(plane * 16 + 16)].Average()), (a, b) => Math.Abs(a - b) < 1e-5);
        (map.Tokens, map.Width).Should().Be((16, 3));
        vectors[5 * 3 + 2].Should().Be(images[2 * 16 + 5], "a vector holds the channels of one place");
        vectors[(16 + 5) * 3 + 1].Should().Be(images[(3 + 1) * 16 + 5]);
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(4L)]
    public void A_fixed_batch_gives_the_features_of_any_number_of_images(long batch)
    {
        using var free = Open(TinyOnnx.Pooling());
        using var fixedBatch = Open(TinyOnnx.Pooling(batch, 4));
        var images = Images(6);
        var (expected, features) = (new float[18], new float[18]);

        free.Extract(images, 6, expected);
        fixedBatch.Extract(images, 6, features);

        features.Should().Equal(expected);
    }

    [Fact]
    public void Blue_comes_first_where_the_preprocessing_says_so_and_another_model_can_run_before()
    {
        using var rgb = Open(TinyOnnx.Pooling());
        File.WriteAllBytes(Path.Combine(_folder.Path, "first.onnx"), TinyOnnx.Of("Neg", [null, 3, 4, 4], [null, 3, 4, 4]));
        using var bgr = Open(TinyOnnx.Pooling(), _preprocess with { Channels = ChannelOrder.Bgr });
        using var negative = Open(TinyOnnx.Pooling(), _preprocess with { First = "first.onnx" });
        var (images, features) = (Images(1), new float[3]);

        rgb.Extract(images, 1, features);
        var expected = features.Reverse().ToArray();
        bgr.Extract(images, 1, features);
        features.Should().Equal(expected);
        negative.Extract(images, 1, features);
        features.Should().Equal([0f, 0f, 0f], "negative numbers are cut off");
    }

    [Fact]
    public void The_fingerprint_changes_with_all_that_decides_the_features()
    {
        string[] fingerprints =
        [
            Fingerprint(TinyOnnx.Pooling()), Fingerprint(TinyOnnx.Pooling(1, 4)), Fingerprint(TinyOnnx.Pooling(), output: "positive"),
            Fingerprint(TinyOnnx.Pooling(), _preprocess with { Channels = ChannelOrder.Bgr }), Fingerprint(TinyOnnx.Pooling(), _preprocess with { Mean = [0, 0, 1] }),
        ];

        fingerprints.Should().OnlyHaveUniqueItems();
        Fingerprint(TinyOnnx.Pooling()).Should().Be(fingerprints[0]);

        string Fingerprint(byte[] model, PreprocessOptions? preprocess = null, string? output = null)
        {
            using var encoder = Open(model, preprocess, output);
            return encoder.Fingerprint;
        }
    }

    [Fact]
    public void Weights_in_a_file_of_their_own_belong_to_the_encoder()
    {
        var weights = _folder.Write("parts/weights.bin", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([0f, 1f, 2f]));
        var features = new float[3];
        string first;
        using (var encoder = Open(TinyOnnx.WithExternalData("parts/weights.bin")))
        {
            encoder.Extract(new float[48], 1, features);
            features.Should().Equal([0f, 1f, 2f]);
            first = encoder.Fingerprint;
        }
        new FrozenEncoderOptions { Onnx = Path.Combine(_folder.Path, "model.onnx") }.Files().Should().Equal(Path.Combine(_folder.Path, "model.onnx"), weights);

        File.WriteAllBytes(weights, [.. File.ReadAllBytes(weights).Reverse()]);
        using (var changed = Open(TinyOnnx.WithExternalData("parts/weights.bin")))
            changed.Fingerprint.Should().NotBe(first);

        File.Delete(weights);
        Refused(TinyOnnx.WithExternalData("parts/weights.bin"), "weights.bin", "cannot be read");
        Refused(TinyOnnx.WithExternalData("../weights.bin"), "../weights.bin", "not in its folder");
    }

    [Fact]
    public void What_cannot_be_used_is_refused_in_one_line()
    {
        Refused([1, 2, 3], "cannot be opened as an ONNX model");
        Refused(TinyOnnx.Pooling(), "no tensor 'inner'", output: "inner").Should().Contain("pooled");
        Refused(TinyOnnx.Pooling(size: 8), "images of 3x8x8", "3x4x4");
        Refused(TinyOnnx.Of("Relu", [null, 7], [null, 7]), "expected one input of images");
        Refused(TinyOnnx.Of("Neg", [null, 3, 4, 4], [null, 3, 4, 4], isText: true), "Int64", "expected one input of images");
        Refused(TinyOnnx.Of("NoSuchOperator", [null, 3, 4, 4], [null, 3, 4, 4]), "NoSuchOperator");
        Refused(TinyOnnx.Pooling(), "first.onnx", preprocess: _preprocess with { First = "first.onnx" });
        var absent = () => new OnnxEncoder(new() { Onnx = Path.Combine(_folder.Path, "absent.onnx"), Preprocess = _preprocess });
        absent.Should().Throw<TweedieException>().WithMessage("*absent.onnx*");
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), TinyOnnx.Pooling());
        var guess = () => new OnnxEncoder(new() { Onnx = Path.Combine(_folder.Path, "model.onnx") });
        guess.Should().Throw<TweedieException>().WithMessage("*preprocessing.yaml*");
        var nothing = () => new OnnxEncoder(new() { Onnx = Path.Combine(_folder.Path, "nothing.onnx") });
        nothing.Should().Throw<TweedieException>().WithMessage("*nothing.onnx: cannot be read*");
    }

    [Fact]
    public void The_file_beside_an_encoder_says_how_images_become_its_input()
    {
        File.WriteAllText(Path.Combine(_folder.Path, PreprocessOptions.FileName), "size: 4\nrange: 255\nmean: [255, 0, 0]\n");
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), TinyOnnx.Pooling());
        using var encoder = new OnnxEncoder(new() { Onnx = Path.Combine(_folder.Path, "model.onnx") });
        var values = new float[3];

        encoder.Normalization.Apply(new RasterImage(1, 1, 3, [255, 255, 0]), values);

        encoder.Input.Should().Be(new ImageShape(3, 4, 4));
        values.Should().Equal([0f, 255f, 0f], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Theory]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 4}, "crop_size": {"height": 4, "width": 4}}""", ImageFit.ShorterSide, 1, Interpolation.Bicubic, 0.48145466)]
    [InlineData("""{"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 8}, "crop_size": 4, "image_mean": [0.485, 0.456, 0.406]}""", ImageFit.ShorterSide, 0.5, Interpolation.Bicubic, 0.485)]
    [InlineData("""{"image_processor_type": "SiglipImageProcessor", "size": {"height": 4, "width": 4}, "resample": 3, "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_convert_rgb": null}""", ImageFit.Stretch, 1, Interpolation.Bicubic, 0.5)]
    [InlineData("""{"image_processor_type": "DINOv3ViTImageProcessorFast", "size": {"height": 4, "width": 4}, "return_tensors": null}""", ImageFit.Stretch, 1, Interpolation.Bilinear, 0.485)]
    [InlineData("""{"feature_extractor_type": "ViTFeatureExtractor", "size": 4, "do_resize": true, "do_normalize": false}""", ImageFit.Stretch, 1, Interpolation.Bilinear, 0)]
    public void Hugging_Faces_file_beside_an_encoder_is_read_where_ours_is_not_there(string json, ImageFit fit, double cropRatio, Interpolation interpolation, double mean)
    {
        var model = _folder.Write("model.onnx", TinyOnnx.Pooling());
        File.WriteAllText(Path.Combine(_folder.Path, ImageProcessorConfig.FileName), json);

        PreprocessOptions.Beside(model).Should().BeEquivalentTo(new { Size = 4, Fit = fit, CropRatio = cropRatio, Interpolation = interpolation });
        PreprocessOptions.Beside(model).Mean[0].Should().Be(mean);
        using (var encoder = new OnnxEncoder(new() { Onnx = model }))
            encoder.Input.Should().Be(new ImageShape(3, 4, 4));
        File.WriteAllText(Path.Combine(_folder.Path, PreprocessOptions.FileName), "size: 8\n");
        PreprocessOptions.Beside(model).Size.Should().Be(8, "ours comes first");
    }

    [Theory]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "crop_size": 4, "size": 4, "do_sharpen": true}""", "do_sharpen", "unknown")]
    [InlineData("""{"image_processor_type": "OtherImageProcessor"}""", "OtherImageProcessor", "SiglipImageProcessor")]
    [InlineData("""{"size": 4}""", "image_processor_type", "nothing")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": 4, "resample": 0}""", "resample", "bilinear")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "do_center_crop": false}""", "do_center_crop")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": 4, "image_std": [0, 1, 1]}""", "Std", "must be positive")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": 4, "image_mean": [0.5]}""", "Mean", "too short")]
    [InlineData("{", "preprocessor_config.json")]
    public void What_Hugging_Faces_file_asks_for_and_nobody_does_is_refused_in_one_line(string json, params string[] words)
    {
        var model = _folder.Write("model.onnx", TinyOnnx.Pooling());
        File.WriteAllText(Path.Combine(_folder.Path, ImageProcessorConfig.FileName), json);

        var open = () => new OnnxEncoder(new() { Onnx = model });

        open.Should().Throw<TweedieException>().Which.Message.Should().ContainAll(words).And.NotContain("\n");
    }

    private static float[] Images(int count) => [.. Enumerable.Range(0, count * 3 * 16).Select(i => (i * 37 % 101) / 100f)];

    private OnnxEncoder Open(byte[] model, PreprocessOptions? preprocess = null, string? output = null)
    {
        var path = Path.Combine(_folder.Path, "model.onnx");
        File.WriteAllBytes(path, model);
        return new(new() { Onnx = path, Output = output, Preprocess = preprocess ?? _preprocess });
    }

    private string Refused(byte[] model, params string[] words) => Refused(model, words, null, null);

    private string Refused(byte[] model, string word, PreprocessOptions? preprocess = null, string? output = null) => Refused(model, [word], preprocess, output);

    private string Refused(byte[] model, string[] words, PreprocessOptions? preprocess, string? output)
    {
        var open = () => Open(model, preprocess, output);
        var error = open.Should().Throw<TweedieException>().Which;
        error.Message.Should().ContainAll(words).And.NotContain("\n");
        error.Kind.Should().BeOneOf(FaultKind.Model, FaultKind.Storage);
        return error.Message;
    }
}
