using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>A generator of texts or of rows, and the data that it is measured on: windows of a text, or the rows of a table.</summary>
internal sealed class MeasuredRows : IDisposable
{
    private readonly EncodedText? _encoded;

    /// <summary>Opens a generator and its data.</summary>
    /// <param name="asked">What was typed.</param>
    /// <param name="check">Refuses what the model cannot do, before the data are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">A file cannot be read, or the data do not fit the model.</exception>
    public MeasuredRows(Asked asked, Action<TokenModel> check, CancellationToken cancellation)
    {
        var isText = ModelFolder.ReadKind(asked.Model) == ModelFolder.TextGenerator;
        Text = isText ? TextGenerator.Load(asked.Model, asked.Device, asked.Precision) : null;
        Table = isText ? null : RowGenerator.Load(asked.Model, asked.Device, asked.Precision);
        try
        {
            check(Model);
            _encoded = Text is null ? null : Encode(Text, asked, cancellation);
            Rows = _encoded is null
                ? TokenTables.Open(asked.Data, TextSources.SplitOf(asked.Data, asked.Split), new TokenTableOptions { Vocabulary = Table!.Columns }, cancellation)
                : Windows(_encoded, Text!.Options.Tokens, asked.Gap);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was typed.</summary>
    public sealed record Asked(string Model, string Data, DataSplit Split, TextOptions.Typed Text, Device Device, Precision Precision, int? Gap = null)
    {
        /// <summary>Where a result comes from.</summary>
        /// <param name="name">What was read of the data.</param>
        public ResultOrigin Origin(string name) => ResultOrigin.Of(Model, Precision, Device, ResultOrigin.DataOrigin.Of(Data, name, images: null, Split));
    }

    /// <summary>The text generator; null where the model is another.</summary>
    public TextGenerator? Text { get; }

    /// <summary>The row generator; null where the model is another.</summary>
    public RowGenerator? Table { get; }

    /// <summary>The token model.</summary>
    public TokenModel Model => Text?.Model ?? Table!.Model;

    /// <summary>The rows.</summary>
    public ITokenRowSource Rows { get; }

    /// <summary>The word for the rows in tables and messages.</summary>
    public string Words => Text is null ? "rows" : "windows";

    /// <summary>The factor from nats per token to bits per character; null where rows are no text.</summary>
    public double? PerCharacter => _encoded is null ? null : (double)_encoded.Length / _encoded.Characters / Math.Log(2);

    public void Dispose()
    {
        _encoded?.Dispose();
        Text?.Dispose();
        Table?.Dispose();
    }

    private static ITokenRowSource Windows(EncodedText text, int length, int? gap)
    {
        if (gap >= length)
            throw new UsageException($"--gap {gap}: the model's rows have {length} tokens; give at most {length - 1}.");
        var windows = TokenWindows.Consecutive(text, length);
        return gap is { } open ? windows.WithGap(open) : windows;
    }

    private static EncodedText Encode(TextGenerator generator, Asked asked, CancellationToken cancellation)
    {
        var source = TextSources.Open(asked.Data, TextSources.SplitOf(asked.Data, asked.Split), asked.Text.Reading, cancellation);
        return EncodedText.Open(asked.Text.Holdout is { } share ? TextHoldout.Split(source, share, cancellation).Held : source, generator.Tokenizer, cancellation: cancellation);
    }
}
