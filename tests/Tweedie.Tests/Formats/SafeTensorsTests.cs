using CsCheck;
using TorchSharp;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Tests.Formats;

public sealed class SafeTensorsTests : IDisposable
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Path => _folder.File("m.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static void ShouldBeEqual(Dictionary<string, Tensor> actual, Dictionary<string, Tensor> expected)
    {
        actual.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (name, tensor) in expected)
        {
            actual[name].dtype.Should().Be(tensor.dtype);
            actual[name].shape.Should().Equal(tensor.shape);
            // compared as bytes, so that NaN equals itself
            actual[name].bytes.SequenceEqual(tensor.contiguous().bytes).Should().BeTrue("{0} must keep its values", name);
        }
    }

    [Fact]
    public void Tensors_of_every_type_shape_and_layout_round_trip() =>
        Gen.Select(Gen.OneOfConst(Types), Gen.Long[0, 4].Array[0, 4], Gen.Bool, Gen.Long).Array[0, 6].Sample(
            draws =>
            {
                using var scope = NewDisposeScope();
                var tensors = draws.Index().ToDictionary(draw => $"t.{draw.Index}", draw => Draw(draw.Item.Item1, draw.Item.Item2, draw.Item.Item3, draw.Item.Item4));

                SafeTensors.Save(Path, tensors);

                ShouldBeEqual(SafeTensors.Load(Path), tensors);
            },
            iter: 100, seed: "0000KOIPe036", threads: 1);

    private static Tensor Draw(ScalarType type, long[] shape, bool transposed, long seed)
    {
        var tensor = randn(shape, generator: new Generator((ulong)seed)).Times(50).to_type(type);
        return transposed ? tensor.permute([.. Enumerable.Range(0, shape.Length).Reverse().Select(i => (long)i)]) : tensor;
    }

    [Fact]
    public void Special_values_keep_their_bits()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["f"] = tensor([float.NaN, float.NegativeInfinity, -0f, float.Epsilon]),
            ["i"] = tensor([long.MinValue, long.MaxValue]),
            ["scalar"] = tensor(2.5),
            ["grad"] = ones(2, 2, requires_grad: true).Times(3),
        };

        SafeTensors.Save(Path, tensors);

        ShouldBeEqual(SafeTensors.Load(Path), tensors.ToDictionary(pair => pair.Key, pair => pair.Value.detach()));
    }

    [Fact]
    public void A_tensor_larger_than_a_part_round_trips()
    {
        var bytes = randint(256, [70_000_001], ScalarType.Byte, generator: new Generator(1));

        SafeTensors.Save(Path, [new("big", bytes)]);

        SafeTensors.Load(Path)["big"].Equals(bytes).Should().BeTrue();
    }

    [Fact]
    public void The_file_does_not_depend_on_the_order_of_the_tensors_and_is_aligned()
    {
        var tensors = new Dictionary<string, Tensor> { ["b"] = ones(3, int8), ["a"] = ones(1, float32), ["z"] = ones(2, float64), ["ä"] = ones(1, int8) };
        var metadata = new Dictionary<string, string> { ["y"] = "😀 \"<", ["x"] = "" };

        SafeTensors.Save(Path, tensors, metadata);
        var bytes = File.ReadAllBytes(Path);
        SafeTensors.Save(Path, tensors.Reverse(), metadata.Reverse().ToDictionary());

        File.ReadAllBytes(Path).Should().Equal(bytes);
        var header = SafeTensorsHeader.Load(Path);
        header.Tensors.Select(tensor => tensor.Name).Should().Equal("z", "a", "b", "ä");
        header.Metadata.Should().BeEquivalentTo(metadata);
        ((bytes.Length - header.Tensors[^1].End) % 8).Should().Be(0);
    }

    [Fact]
    public void Names_and_types_that_a_file_cannot_hold_are_refused()
    {
        Action Saving(params KeyValuePair<string, Tensor>[] tensors) => () => SafeTensors.Save(Path, tensors);

        Saving(new("a", ones(1)), new("a", ones(1))).Should().Throw<ArgumentException>().WithMessage("The tensor name 'a' is given twice*");
        Saving(new KeyValuePair<string, Tensor>("__metadata__", ones(1))).Should().Throw<ArgumentException>().WithMessage("*reserved*");
        Saving(new KeyValuePair<string, Tensor>("c", ones(1, ScalarType.ComplexFloat32))).Should().Throw<ArgumentException>().WithMessage("The tensor 'c' is ComplexFloat32*");
        _folder.FileNames.Should().BeEmpty();
    }

    [Fact]
    public void Booleans_other_than_0_and_1_are_refused()
    {
        File.WriteAllBytes(Path, SafeTensorsFile.Build("""{"mask":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", [1, 2]));

        var load = () => SafeTensors.Load(Path);

        load.Should().Throw<TweedieException>().WithMessage($"{Path}: tensor 'mask': BOOL data holds bytes other than 0 and 1");
    }

    [Fact]
    public void Loading_leaks_no_tensors()
    {
        SafeTensors.Save(Path, [new("a", ones(3)), new("b", ones(2, 2, ScalarType.Bool))]);
        var before = LiveTensors.Count;

        var tensors = SafeTensors.Load(Path);

        LiveTensors.Count.Should().Be(before + 2);
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }

    [Fact]
    public void A_damaged_file_loads_or_is_refused_but_never_fails_otherwise()
    {
        SafeTensors.Save(
            Path,
            new Dictionary<string, Tensor> { ["w"] = ones(2, 3), ["b"] = ones(3, ScalarType.Bool), ["e"] = ones([0, 7], int64), ["s"] = tensor(1.0) },
            new Dictionary<string, string> { ["format"] = "pt" });
        var file = File.ReadAllBytes(Path);
        var (loaded, refused) = (0, 0);
        // Bytes that matter to a header are drawn more often than others; removing and inserting shifts all that follows.
        var anyByte = Gen.OneOf(Gen.OneOfConst([.. "0123456789-.eE[]{},:\"\\ FUIBOLdtypeshape"u8]), Gen.Byte);
        var damage = Gen.Select(Gen.Int[0, file.Length - 1], Gen.Int[0, 4], anyByte.Array[0, 3]);

        damage.Array[1, 4].Sample(
            cuts =>
            {
                var damaged = cuts.Aggregate(file.ToList(), (bytes, cut) =>
                {
                    var at = Math.Min(cut.Item1, bytes.Count);
                    bytes.RemoveRange(at, Math.Min(cut.Item2, bytes.Count - at));
                    bytes.InsertRange(at, cut.Item3);
                    return bytes;
                });
                File.WriteAllBytes(Path, [.. damaged]);
                using var scope = NewDisposeScope();
                try
                {
                    SafeTensors.Load(Path);
                    loaded++;
                }
                catch (TweedieException exception)
                {
                    exception.Message.Should().StartWith(Path).And.NotContainAny("\n", "\r");
                    refused++;
                }
            },
            iter: 2000, seed: "0000KOIPe036", threads: 1);

        loaded.Should().BePositive();
        refused.Should().BePositive();
    }

    [Fact]
    public void The_reference_files_load()
    {
        var files = Directory.GetFiles(Shared.Path("fixtures"), "*.safetensors", SearchOption.AllDirectories);

        files.Should().NotBeEmpty();
        foreach (var file in files)
        {
            using var scope = NewDisposeScope();
            SafeTensors.Load(file).Should().NotBeEmpty();
        }
    }

    [Fact]
    public void Reference_values_are_read()
    {
        using var scope = NewDisposeScope();
        foreach (var schedule in Shared.Json("fixtures/diffusion-mar/schedule_f64.json").EnumerateObject()) // such as cosine_1000
        {
            var tensors = SafeTensors.Load(Shared.Path($"fixtures/diffusion-mar/schedule_{schedule.Name}.safetensors"));

            double[] expected = [.. schedule.Value.GetProperty("alphas_cumprod").EnumerateArray().Select(value => value.GetDouble())];
            tensors["alphas_cumprod"].ShouldBeWithin(1e-6, tensor(expected).to_type(float32));
        }
    }
}
