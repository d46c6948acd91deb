using System.Text;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Tests.Data;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;
using Tweedie.Tests.Text;
using Tweedie.Tests.Training;
using Tweedie.Text;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Hostile;

/// <summary>Every format that is read from files, one line per format.</summary>
internal static class FuzzFormats
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * Kilobyte;
    private const string Weights = "model.safetensors";

    // Texts and headers become objects: some hundred bytes per character, where every character is an item of its own.
    private static long Parsed(long length) => Megabyte + 1024 * length;

    private static long Binary(long length) => Megabyte + 4 * length;

    // The expansion of deflate is at most 1,032; readers of text stop at TextFile.MaximumLength.
    private static long Compressed(long length) => Megabyte + 1040 * length;

    // An image claims its size in a few bytes, so the bound is that of the largest image that is read, with its decoded, converted and copied pixels.
    private static long Decoded(long length) => Megabyte + 12L * ImageDecoder.MaximumPixels + length;

    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("safetensors", Weights, SafeTensorsSamples(), path => SafeTensors.Load(path), Parsed),
        new("model config", "config.json", ModelConfigs(), LoadModel, length => Parsed(length) + 64 * Megabyte) { Beside = ModelWeights() },
        new("encoder config", "config.json", ModelConfigs(), LoadEncoder, length => Parsed(length) + 64 * Megabyte) { Beside = ModelWeights() },
        new("encoder import", Weights, ImportedWeights(), path => VitImport.Load(path, heads: 2).Dispose(), length => Parsed(length) + 64 * Megabyte),
        new("CLIP config", "config.json", ClipConfigs(), LoadClip, length => Parsed(length) + 64 * Megabyte) { Beside = ClipFiles() },
        Exported("classifier", ExportedModel(), RunExported), Exported("autoregressive captioner", ExportedAutoregressive(), RunExportedCaptioner),
        new("run config, YAML", "run.yaml", [Utf8(ConfigWriter.ToYaml(TinyRun.Config)), .. Files("configs", "*.yaml")], LoadRun, Parsed),
        new("run config, JSON", "run.json", [Utf8(ConfigWriter.ToJson(TinyRun.Config))], LoadRun, Parsed),
        new("checkpoint state", "state.json", [Utf8(ConfigWriter.ToJson(new CheckpointState { Step = 12 }))], path => CheckpointStore.ReadState(Path.GetDirectoryName(path)!), Parsed),
        new("IDX images", "images", [Idx(2051, 3, 4, 5), Idx(2051, 1, 28, 28)], path => IdxFile.Read(path, IdxFile.ImagesMagic), Binary),
        new("IDX labels, gzip", "labels.gz", [Encoded.Gzip(Idx(2049, 40)), Encoded.Gzip(Idx(2049, 7))], path => IdxFile.Read(path, IdxFile.LabelsMagic), Compressed),
        new("CIFAR-10", "data_batch_1.bin", [Cifar(1, 2), Cifar(1, 1)], path => ReadAll(CifarSource.OpenCifar10([path])), Binary),
        new("CIFAR-100", "train.bin", [Cifar(2, 2), Cifar(2, 1)], path => ReadAll(CifarSource.OpenCifar100([path])), Binary),
        new("WordPiece vocabulary", BertTokenizer.FileName, [Utf8(SmallTokenizer.BertVocabulary)], LoadTokenizer, Parsed),
        new("BPE merges", ClipTokenizer.FileName, [Utf8("#version: 0.2\nd o\ndo g</w>\ni n\nin g</w>\n")], LoadTokenizer, Parsed),
        new("BPE merges, gzip", ClipTokenizer.OriginalFileName, [Encoded.Gzip(Merges())], LoadTokenizer, Compressed),
        new("COCO captions", "captions.json", [Utf8("""
            {"info":{},"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b/c.jpg"}],"annotations":[{"image_id":1,"id":9,"caption":"A dog."}]}
            """)], path => CocoCaptions.Load(path), Parsed),
        new("COCO results", "results.json", [Utf8("""[{"image_id":1,"caption":"A dog."},{"image_id":2,"caption":""}]""")], path => CocoResults.Load(path), Parsed),
        new("Parquet", "train-0.parquet", [Shard(numbered: true), Shard(numbered: false)], path => ReadAll(new ParquetSource("x", [path])), length => Decoded(length) + 64 * length),
        new("word list", WordTokenizer.FileName, [Utf8("[PAD]\n[UNK]\n[SEP]\na\ndog\nriding\n")], LoadTokenizer, Parsed),
        Image(".png", ".png[bitdepth=8,palette]"), Image(".jpg[Q=80]", ".jpg[interlace]"), Image(".webp", ".webp[lossless]"),
        Image(".gif"), Image(".tif", ".tif[compression=deflate]", ".tif[tile,tile-width=16,tile-height=16]"),
        new("image .bmp", "x.bmp", [Bmp(24), Bmp(32)], path => ImageDecoder.DecodeFile(path), Decoded),
        new("image .ppm", "x.ppm", [[.. "P6 4 3 255\n"u8, .. Encoded.Ramp(36)], Utf8("P2 # grey\n3 2 15\n0 1 2\n3 4 15\n"), Utf8("P1 5 2\n10101\n01010\n")], path => ImageDecoder.DecodeFile(path), Decoded),
    ];

    private static Dictionary<string, byte[]> ExportedModel()
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create();
        OnnxExport.Export(classifier, folder.Path);
        return Directory.GetFiles(folder.Path).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
    }

    private static Dictionary<string, byte[]> ExportedAutoregressive()
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Ar });
        OnnxExport.Export(captioner, folder.Path);
        return Directory.GetFiles(folder.Path).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
    }

    private static FuzzFormat Exported(string kind, Dictionary<string, byte[]> files, Action<string> run) => new($"exported {kind}", OnnxNames.Description, [files[OnnxNames.Description]], run, length => Parsed(length) + 64 * Megabyte)
    {
        Beside = files.Where(file => file.Key != OnnxNames.Description).ToDictionary(),
    };

    private static void RunExported(string path)
    {
        using var classifier = OnnxClassifier.Load(Path.GetDirectoryName(path)!);
        classifier.Predict([new ShapeSource(1, 16).Read(0)], new() { Steps = 1, Guidance = 1 });
    }

    private static void RunExportedCaptioner(string path)
    {
        using var captioner = OnnxCaptioner.Load(Path.GetDirectoryName(path)!);
        captioner.Caption([new ShapeSource(1, 16).Read(0)], new() { Guidance = 1 });
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<byte[]> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, folder), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static byte[] Idx(int magic, params int[] dimensions) => Encoded.Idx(magic, dimensions, Encoded.Ramp(dimensions.Aggregate(1, (product, size) => product * size)));

    private static byte[] Cifar(int labelBytes, int records) =>
        [.. Enumerable.Range(0, records).SelectMany(record => (byte[])[.. new byte[labelBytes], .. Encoded.Ramp(3072, record)])];

    private static FuzzFormat Image(params string[] suffixes) => new(
        $"image {suffixes[0].Split('[')[0]}", "x" + suffixes[0].Split('[')[0],
        [.. suffixes.SelectMany(suffix => (byte[][])[Encoded.Image(Encoded.Pattern(40, 30, 3), suffix), Encoded.Image(Encoded.Pattern(9, 17, 1), suffix)])],
        path => ImageDecoder.DecodeFile(path), Decoded);

    private static byte[] Bmp(int bits)
    {
        const int side = 4;
        var bytes = new byte[54 + side * side * bits / 8];
        "BM"u8.CopyTo(bytes);
        (bytes[10], bytes[14], bytes[18], bytes[22], bytes[28]) = (54, 40, side, side, (byte)bits);
        return bytes;
    }

    private static List<byte[]> SafeTensorsSamples()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor>[] contents =
        [
            new() { ["w"] = ones(2, 3), ["b"] = ones(3, ScalarType.Bool), ["e"] = ones([0, 7], int64), ["s"] = tensor(1.0) },
            new() { ["blocks.0.attn.qkv.weight"] = ones(4, 12, bfloat16), ["blocks.0.attn.qkv.bias"] = ones(12, float16) },
            [],
        ];
        return [.. contents.Select(tensors => Written(Weights, path => SafeTensors.Save(path, tensors, new Dictionary<string, string> { ["format"] = "pt" })))];
    }

    private static List<byte[]> ModelConfigs() => [Utf8(ConfigWriter.ToJson(TinyClassifier.Options))];

    private static Dictionary<string, byte[]> ModelWeights()
    {
        using var classifier = TinyClassifier.Create();
        return new() { [Weights] = Written("m", path => SafeTensors.Save(path, classifier.Network.state_dict())) };
    }

    // As many rules as the published file must have, each of two symbols of the byte alphabet.
    private static byte[] Merges()
    {
        var symbols = ByteAlphabet.Characters().ToArray();
        var rules = symbols.SelectMany(left => symbols.Select(right => $"{left} {right}\n")).Take(49408 - 512 - 2);
        return Utf8("#version: 0.2\n" + string.Concat(rules));
    }

    private static void LoadModel(string config) => ImageClassifier.Load(Path.GetDirectoryName(config)!).Dispose();

    private static void LoadEncoder(string config) => ImageEncoder.Load(Path.GetDirectoryName(config)!).Dispose();

    private static void LoadClip(string config) => ClipModel.Load(Path.GetDirectoryName(config)!).Dispose();

    // Our encoder's own names are timm's.
    private static List<byte[]> ImportedWeights()
    {
        using var encoder = new VisionTransformer(TinyRun.Encoder);
        return [Written(Weights, path => SafeTensors.Save(path, encoder.state_dict()))];
    }

    private static List<byte[]> ClipConfigs()
    {
        using var clip = TinyClip.Create();
        return [Utf8(ConfigWriter.ToJson(clip.Options))];
    }

    private static Dictionary<string, byte[]> ClipFiles()
    {
        using var clip = TinyClip.Create();
        using var folder = new TemporaryFolder();
        clip.Save(folder.Path);
        return Directory.GetFiles(folder.Path).Where(path => Path.GetFileName(path) != "config.json").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }

    private static void LoadRun(string config) => RunConfig.From(ConfigDocument.Load(config));

    private static void LoadTokenizer(string path) => Tokenizers.Load(Path.GetDirectoryName(path)!).Encode("A dog's riding.");

    private static byte[] Shard(bool numbered) => Written("x.parquet", path => EnrichedShard.Write(
        path, [.. Enumerable.Range(0, 5).Select(i => new EnrichedRow(Encoded.Image(Encoded.Pattern(9, 7, 3), ".png"), $"{i % 2}", "A dog."))], groupSize: 2, numbered));

    private static void ReadAll(IImageSource source)
    {
        for (var index = 0; index < source.Count; index++)
            source.Read(index);
    }

    private static byte[] Written(string name, Action<string> write)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        write(path);
        return File.ReadAllBytes(path);
    }
}
