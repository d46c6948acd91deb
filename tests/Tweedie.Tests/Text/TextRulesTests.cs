using System.Text;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>The rules of Unicode and HTML that tokenizers rest on, which the runtime does not have under invariant globalization.</summary>
public sealed class TextRulesTests
{
    [Theory]
    [InlineData("fish &amp; chips", "fish & chips")]
    [InlineData("&notanentity &lt3 &notin; &ampfoo;", "¬anentity <3 ∉ &foo;")]
    [InlineData("&#39;&#x1F600;&#65", "'😀A")]
    [InlineData("&#0;&#xD800;&#x110000;&#99999999999999999999;", "\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("&#128;&#x9f;&#x81;&#13;&#12;&#1;&#xFFFF;", "€Ÿ\u0081\r\f")]
    [InlineData("&unknown; & &; &#; &#x; &g", "&unknown; & &; &#; &#x; &g")]
    [InlineData("&CounterClockwiseContourIntegral; &bne;", "∳ =\u20E5")]
    public void Character_references_are_read_as_in_html5(string text, string decoded) => HtmlEntities.Decode(text).Should().Be(decoded);

    [Theory]
    [InlineData("İstanbul ÇA VA", "i\u0307stanbul ça va")]
    [InlineData("ΟΔΟΣ. ΣΑΣ Σ Σ' 'Σ", "οδος. σας σ σ' 'σ")]
    [InlineData("Α'Σ ΑΣ'Α Α\u0301Σ Σ𐐀", "α'ς ασ'α α\u0301ς σ𐐨")]
    [InlineData("ⓐΣ ΑΣⅷ ªΣ", "ⓐς ασⅷ ªς")]
    [InlineData("ẞ Ⅷ Ǆ K 𐐀", "ß ⅷ ǆ k 𐐨")]
    public void Lower_case_knows_final_sigma_and_dotted_i(string text, string lower) => LowerCase.Of(text).Should().Be(lower);

    [Theory]
    [InlineData('é', "e")]
    [InlineData('Ḗ', "E")]
    [InlineData('\u0301', "")]
    [InlineData('한', "\u1112\u1161\u11AB")]
    [InlineData('하', "\u1112\u1161")]
    [InlineData('\uF900', "豈")]
    [InlineData('ﬁ', "ﬁ")]
    public void Accents_are_removed_by_canonical_decomposition(char character, string expected)
    {
        var output = new StringBuilder();

        BaseCharacters.Append(new Rune(character), output);

        output.ToString().Should().Be(expected);
    }
}
