using System.Text.Json;
using TorchSharp;
using Tweedie.Formats;
using Tweedie.Models;
using Tweedie.Tests.Models.Clip;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Formats;

/// <summary>Weights in several files with an index are read as one set.</summary>
public sealed class SafeTensorsIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private string Index => _folder.File("model.safetensors.index.json");

    private void WriteIndex(params IEnumerable<(string Name, string File)> map) =>
        File.WriteAllText(Index, JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map.ToDictionary(entry => entry.Name, entry => entry.File) }));

    private void Write(string file, params IEnumerable<string> names) =>
        SafeTensors.Save(_folder.File(file), names.Select(name => KeyValuePair.Create(name, Filled([2], name.Length, float32, CPU))));

    private string Error() => FluentActions.Invoking(() => SafeTensors.Load(Index)).Should().Throw<TweedieException>().Which.Message;

    [Fact]
    public void All_tensors_of_all_files_are_read()
    {
        Write("a.safetensors", "x", "yy");
        Write("b.safetensors", "zzz");
        WriteIndex(("x", "a.safetensors"), ("yy", "a.safetensors"), ("zzz", "b.safetensors"));

        var tensors = SafeTensors.Load(Index);

        tensors.Keys.Should().BeEquivalentTo("x", "yy", "zzz");
        tensors["zzz"].ShouldEqual(Filled([2], 3, float32, CPU));
    }

    [Fact]
    public void A_model_in_several_files_is_loaded_as_in_one()
    {
        using var model = TinyClip.Create();
        model.Save(_folder.Path);
        var whole = _folder.File("model.safetensors");
        var tensors = SafeTensors.Load(whole);
        foreach (var (half, file) in new[] { (0, "model-1.safetensors"), (1, "model-2.safetensors") })
            SafeTensors.Save(_folder.File(file), tensors.Where((_, i) => i % 2 == half));
        WriteIndex(tensors.Keys.Select((name, i) => (name, $"model-{1 + i % 2}.safetensors")));
        File.Delete(whole);

        using var loaded = ClipModel.Load(_folder.Path);

        loaded.EncodeTexts(["a red cat"]).ShouldEqual(model.EncodeTexts(["a red cat"]));
        loaded.WeightsHash.Should().HaveLength(64);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Write("a.safetensors", "x");
        WriteIndex(("x", "a.safetensors"), ("y", "b.safetensors"));

        Error().Should().Be($"{_folder.File("b.safetensors")}: is missing, but model.safetensors.index.json names it; fetch it.");
    }

    [Fact]
    public void A_tensor_in_two_files_is_named()
    {
        Write("a.safetensors", "x");
        Write("b.safetensors", "x", "y");
        WriteIndex(("x", "a.safetensors"), ("y", "b.safetensors"));

        Error().Should().StartWith($"{Index}: tensor 'x' is in a.safetensors and in b.safetensors;");
    }

    [Fact]
    public void A_tensor_that_its_file_does_not_hold_is_named()
    {
        Write("a.safetensors", "x");
        WriteIndex(("x", "a.safetensors"), ("y", "a.safetensors"));

        Error().Should().StartWith($"{Index}: names tensor 'y' in a.safetensors, which does not hold it;");
    }

    [Theory]
    [InlineData("""{ "weight_map": { "x": "../a.safetensors" } }""", "names '../a.safetensors': expected a file beside the index.")]
    [InlineData("""{ "weight_map": { } }""", "weight_map names no tensor")]
    [InlineData("""{ "metadata": { } }""", "weight_map")]
    public void An_index_that_is_none_is_refused_in_one_line(string json, string problem)
    {
        File.WriteAllText(Index, json);

        Error().Should().StartWith(Index).And.Contain(problem).And.NotContain("\n");
    }
}
