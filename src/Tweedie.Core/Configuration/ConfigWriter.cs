using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tweedie.Configuration;

/// <summary>
/// Writes every option of a record, defaults included, so that a run's configuration stands on its own.
/// <see cref="ConfigDocument.Bind{T}"/> reads both forms back to an equal record.
/// </summary>
public static partial class ConfigWriter
{
    /// <summary>Writes the options as indented JSON with camelCase keys and a final line break.</summary>
    /// <exception cref="ArgumentException">A number is not finite (<see cref="OptionsValidator"/> says which).</exception>
    public static string ToJson(object options) => JsonSerializer.Serialize(options, options.GetType(), OptionsContract.Json) + "\n";

    /// <summary>Writes the options as YAML with camelCase keys.</summary>
    /// <exception cref="ArgumentException">A number is not finite (<see cref="OptionsValidator"/> says which).</exception>
    public static string ToYaml(object options)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithBestWidth(int.MaxValue).WithNewLine("\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, JsonSerializer.SerializeToNode(options, options.GetType(), OptionsContract.Json));
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(IEmitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject section:
                emitter.Emit(new MappingStart());
                foreach (var (key, value) in section)
                {
                    EmitText(emitter, key);
                    Emit(emitter, value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                var style = list.All(item => item is null or JsonValue) ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var item in list)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                EmitText(emitter, value.GetValue<string>());
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void EmitText(IEmitter emitter, string text)
    {
        var style = PlainText().IsMatch(text) && !YamlWord().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    /// <summary>Text that every YAML reader takes for text.</summary>
    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainText();

    /// <summary>Words that some YAML version takes for a boolean or null.</summary>
    [GeneratedRegex(@"^(?:null|true|false|yes|no|on|off|y|n)\z", RegexOptions.IgnoreCase)]
    private static partial Regex YamlWord();
}
