using TorchSharp;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Clip;

public sealed class ClipModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static RasterImage[] Images(int count) => [.. Enumerable.Range(0, count).Select(new ShapeSource(count, 20).Read)];

    private string ErrorOfLoading()
    {
        var load = () => ClipModel.Load(_folder.Path);
        return load.Should().Throw<TweedieException>().Which.Message;
    }

    [Fact]
    public void A_saved_model_gives_the_same_vectors()
    {
        using var model = TinyClip.Create();
        model.Save(_folder.Path);

        using var loaded = ClipModel.Load(_folder.Path);

        _folder.FileNames.Should().BeEquivalentTo("config.json", "model.safetensors", "words.txt");
        loaded.EncodeImages(Images(3)).ShouldEqual(model.EncodeImages(Images(3)));
        loaded.EncodeTexts(["a red cat", "zebra"]).ShouldEqual(model.EncodeTexts(["a red cat", "zebra"]));
        (loaded.Folder, model.Folder, model.WeightsHash).Should().Be((_folder.Path, null, null));
        loaded.WeightsHash.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder.File("model.safetensors")))));
    }

    [Fact]
    public void Vectors_have_length_1_and_do_not_depend_on_their_neighbours()
    {
        using var model = TinyClip.Create();
        string[] texts = [.. Enumerable.Range(0, 70).Select(i => i % 2 == 0 ? "the red dog" : "a blue cat a red dog the cat")];

        var encoded = model.EncodeTexts(texts);

        encoded.shape.Should().Equal(70, 8);
        encoded.norm(1).ShouldBeWithin(1e-6, ones(70));
        encoded[69].unsqueeze(0).ShouldBeWithin(1e-6, model.EncodeTexts([texts[69]]));
        model.EncodeTexts([]).shape.Should().Equal(0, 8);
    }

    [Fact]
    public void Published_weights_work_with_CLIPs_own_tokenizer()
    {
        var tokenizer = ClipTokenizer.Load(Shared.Path("data/tokenizers/clip"));
        var network = TinyClip.Network with { Text = TinyClip.Network.Text with { VocabularySize = 49408, EndToken = 49407, Length = 77 } };
        using (var model = new ClipModel(new ClipModelOptions { Network = network }, new ClipNetwork(network), tokenizer))
            model.Save(_folder.Path);

        using var loaded = ClipModel.Load(_folder.Path);

        loaded.Tokenize(["a photo of a cat"])[0].Longs().Should().StartWith([49406L, 320, 1125, 539, 320, 2368, 49407, 0]);
    }

    [Fact]
    public void A_tokenizer_of_another_size_is_refused()
    {
        using (var model = TinyClip.Create())
            model.Save(_folder.Path);
        WordTokenizer.Build(["one word more than that blue red dog"]).Save(_folder.Path);

        ErrorOfLoading().Should().StartWith(_folder.Path).And.Contain("11 entries").And.Contain("9 and 2");
    }

    [Theory]
    [InlineData("config.json", "config.json: cannot be read")]
    [InlineData("model.safetensors", "model.safetensors: cannot be read")]
    [InlineData("words.txt", "no tokenizer")]
    public void A_missing_file_is_named(string file, string problem)
    {
        using (var model = TinyClip.Create())
            model.Save(_folder.Path);
        File.Delete(_folder.File(file));

        ErrorOfLoading().Should().StartWith(_folder.Path).And.Contain(problem);
    }

    [Fact]
    public void The_contrastive_loss_is_the_mean_of_both_cross_entropies_of_the_pairs()
    {
        using var model = TinyClip.Create();
        var (images, rows) = (model.Prepare(Images(3)), model.Tokenize(["a dog", "the cat", "red"]));

        var loss = model.Network.ContrastiveLoss(images, rows);

        var logits = model.EncodeImages(Images(3)).mm(model.EncodeTexts(["a dog", "the cat", "red"]).t()).Times(1 / 0.07);
        var byHand = logits.log_softmax(1).diag().mean().Plus(logits.log_softmax(0).diag().mean()).Over(-2);
        loss.ShouldBeWithin(1e-5, byHand);
    }

    [Fact]
    public void The_temperature_is_learned_within_OpenAIs_bounds()
    {
        using var model = TinyClip.Create();
        var scale = model.Network.state_dict()["logit_scale"];
        var (images, rows) = (model.Prepare(Images(2)), model.Tokenize(["a dog", "the cat"]));
        model.Network.ContrastiveLoss(images, rows).backward();
        scale.grad.Should().NotBeNull();
        scale.grad!.abs().item<float>().Should().BePositive();

        using (no_grad())
            scale.Fill(20);
        _ = model.Network.ContrastiveLoss(images, rows);

        scale.item<float>().Should().BeApproximately((float)Math.Log(100), 1e-6f);
    }

    [Fact]
    public void Encoding_and_training_leave_no_tensors_behind()
    {
        using var model = TinyClip.Create();
        var (images, rows) = (model.Prepare(Images(2)), model.Tokenize(["a dog", "the cat"]));

        LiveTensors.LeftBy(() => model.EncodeImages(Images(2)).Dispose()).Should().Be(0);
        LiveTensors.LeftBy(() => model.EncodeTexts(["a dog"]).Dispose()).Should().Be(0);
        LiveTensors.LeftBy(() => model.Network.ContrastiveLoss(images, rows).Dispose()).Should().Be(0);
    }

    [Fact]
    public void The_cost_is_that_of_the_network()
    {
        using var network = new ClipNetwork(TinyClip.Network);

        var parts = ModelCost.Of(TinyClip.Network);

        parts[0].Parameters.Should().Be(network.Image.parameters().Sum(parameter => parameter.numel()));
        parts.Sum(part => part.Parameters).Should().Be(network.parameters().Sum(parameter => parameter.numel()));
        ModelCost.Of(new ClipOptions()).Sum(part => part.Parameters).Should().Be(151_277_313, "OpenAI's ViT-B/32 has so many");
    }
}
