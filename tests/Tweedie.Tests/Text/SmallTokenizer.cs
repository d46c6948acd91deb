using System.Text;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Makes a tokenizer of each kind with a vocabulary of a few entries.</summary>
internal static class SmallTokenizer
{
    public const string BertVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ns\nt\ndog\n##s\nrid\n##ing\n'\n-\n.\n,\n(\n)\n";

    public static ITokenizer Create(string kind, TemporaryFolder folder)
    {
        switch (kind)
        {
            case "bert":
                folder.Write(BertTokenizer.FileName, Encoding.UTF8.GetBytes(BertVocabulary));
                return BertTokenizer.Load(folder.Path);
            case "clip":
                folder.Write(ClipTokenizer.FileName, "#version: 0.2\nd o\ndo g</w>\ni n\nin g</w>\n"u8);
                return ClipTokenizer.Load(folder.Path);
            case "characters":
                return CharacterTokenizer.Build(["A dog riding (a) dog's t-shirt, dogs."], unknown: true);
            case "bytes":
                return new ByteTokenizer();
            case "gpt2":
                return Gpt2Tokenizer.Create();
            default:
                return WordTokenizer.Build(["A dog riding (a) dog's t-shirt, dogs."]);
        }
    }
}
