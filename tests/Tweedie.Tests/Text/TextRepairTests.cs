using System.Text;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>What the repair of text changes, and what it leaves alone.</summary>
public sealed class TextRepairTests
{
    [Theory]
    [InlineData("it’s “so” ‘nice’ ‚low„", "it's \"so\" 'nice' 'low\"")]
    [InlineData("ﬁne ﬂuﬀy ǅ ŉ Ĳ", "fine fluffy Dž 'n IJ")]
    [InlineData("ＬＯＵＤ　１２３ Ｕﾀｰﾝ ｶﾞ ￡", "LOUD 123 Uターン ガ £")]
    [InlineData("\uFEFFa\uFEFFb\0c\u0007d\u000Be\u007Ff\u206Ag\uFFF9h", "abcdefgh")]
    [InlineData("tab\tform\ffeed", "tab\tform\ffeed")]
    [InlineData("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne")]
    [InlineData("\u001B[36;44mI'm blue\u001B[0m", "I'm blue")]
    [InlineData("e\u0323\u0301 \u1112\u1161\u11AB A\u030A", "ẹ\u0301 한 Å")]
    public void Characters_that_are_not_meant_are_replaced(string text, string repaired) => TextRepair.Of(text).Should().Be(repaired);

    [Theory]
    [InlineData("fish &amp; chips &EACUTE; &SZLIG; &#39;", "fish & chips É SS '")]
    [InlineData("&amp;amp;amp;", "&")]
    [InlineData("a < b &amp; c", "a < b &amp; c")]
    [InlineData("a &amp; b\n<i>\n&amp;", "a & b\n<i>\n&amp;")]
    [InlineData("&notanentity &lt3 &#59; &nosuch;", "&notanentity &lt3 &#59; &nosuch;")]
    public void Entities_are_decoded_where_the_text_has_no_tags(string text, string repaired) => TextRepair.Of(text).Should().Be(repaired);

    [Theory]
    [InlineData("naïve café, déjà vu — “ok” 😀 ½ €5 Übergröße", 1)]
    [InlineData("naïve café, déjà vu — “ok” 😀 ½ €5 Übergröße", 2)]
    [InlineData("doesn’t cost £10…", 3)]
    [InlineData("Tại sao giá hạt sầu riêng lại lên giá?", 1)]
    [InlineData("عيد سعيد и привет", 1)]
    public void Utf8_that_was_read_as_windows_1252_is_read_as_meant(string meant, int times)
    {
        var broken = Enumerable.Range(0, times).Aggregate(meant, (text, _) => ReadAsWindows(text));

        broken.Should().NotBe(meant);
        TextRepair.Of(broken).Should().Be(TextRepair.Of(meant));
    }

    [Fact]
    public void Utf8_that_was_read_as_latin_1_is_read_as_meant()
    {
        const string meant = "été à Paris – «oui» 😀";

        TextRepair.Of(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(meant))).Should().Be(meant);
    }

    [Theory]
    [InlineData("voilÃ le travail, com especial atenÃ§Ã£o Ã s crianÃ§as", "voilà le travail, com especial atenção às crianças")]
    [InlineData("Jornadas Classificação, DivisÃ£o", "Jornadas Classificação, Divisão")]
    [InlineData("it was never UTF-8\u0085 he said \u0093so\u0094", "it was never UTF-8… he said \"so\"")]
    [InlineData("hihi: â\u0098ºí\u00A0½í¸\u0098", "hihi: ☺😘")]
    [InlineData("â€œlossy decodingâ€\uFFFD from â€œbbâ€?", "\"lossy decoding\uFFFD from \"bb\uFFFD")]
    [InlineData("a zero: Ã©\u00C0\u0080", "a zero: é")]
    public void Parts_lost_bytes_and_variants_of_utf8_are_repaired(string text, string repaired) => TextRepair.Of(text).Should().Be(repaired);

    [Theory]
    [InlineData("I'm not such a fan of Charlotte Brontë…")]
    [InlineData("NESTLÉ® requiere, TEM QUE SEGUIR SÓ…, 4288×…, 10 Å—")]
    [InlineData("``pra lá´´ (o¬ô) C O N C L U S Ã O")]
    [InlineData("schön, El niño, señor, ¿qué?, ½ cup, x² + y³, €100 £20, 20°")]
    [InlineData("Привет, мир! 你好 שלום ¯\\_(ツ)_/¯ 👨‍👩‍👧")]
    public void Text_that_is_right_stays(string text) => TextRepair.Of(text).Should().Be(text);

    [Fact]
    public void A_repair_changes_nothing_more()
    {
        foreach (var text in TokenizerCase.Read("clip-tokenizer").Select(expected => TextRepair.Of(Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(expected.Text)))))
            TextRepair.Of(text).Should().Be(text);
    }

    private static string ReadAsWindows(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(octet => octet is >= 0x80 and <= 0x9F ? SingleByte.Windows1252[octet - 0x80] : (char)octet));
}
