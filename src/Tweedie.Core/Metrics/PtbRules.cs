using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Tweedie.Metrics;

/// <summary>
/// The rules of the Penn Treebank tokenizer, in order: the rule that matches the most characters wins, of equals the first. A rule may need characters
/// after its token, which count as matched. A character that no rule matches, such as an emoji, is left out.
/// </summary>
internal static class PtbRules
{
    private const string Space = "[ \t\u00A0\u2000-\u200A\u3000]";
    private const string Letter = @"(?:[\p{L}\p{Mn}\p{Mc}\u00AD-[\uFE00-\uFE0F]]|&[aeiou](?:acute|grave|uml);)";
    private const string LetterOrDigit = $@"(?:{Letter}|\p{{Nd}})";
    private const string Word = $"{Letter}{LetterOrDigit}*(?:[.!?]{Letter}{LetterOrDigit}*)*";
    private const string Apostrophe = "(?:['\u0092\u2019]|&apos;)";
    private const string AnyApostrophe = $"(?:{Apostrophe}|[`\u0091\u2018\u201B])";
    private const string Hyphen = "[-_\u058A\u2010\u2011]";
    private const string Number = @"(?:\p{Nd}*(?:[.:,\u00AD\u066B\u066C]\p{Nd}+)+|\p{Nd}+)";
    private const string NoLetter = "(?![A-Za-z])";
    private const string Clitic = $"{Apostrophe}(?:[msd]|re|ve|ll)";
    private const string Bare = @"[^\s""<>|(){}]"; // what an address is made of
    private const string Part = $"(?>[A-Za-z0-9]+)(?:-[A-Za-z]+){{0,2}}";
    private const string Piece = $@"(?:[dol]{AnyApostrophe}[\p{{L}}\p{{Nd}}])?[\p{{L}}\p{{Nd}}]+";
    private const string Files = "bat|bmp|c|class|cgi|cpp|dll|docx?|exe|gif|gz|h|html?|jar|java|jpe?g|mov|mp[34g]|pdf|php|pl|png|ppt|ps|py|sql|tar|txt|wav|x|xml|zip"
        + "|3gp|wm[va]|avi|flv";

    // In these lists, (?-i:…) marks what is an abbreviation with this capital only: in lower case it is a word.
    private const string Months = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu|Thurs|Fri";
    private const string States = "Ala|Ariz|(?-i:A)z|(?-i:A)rk|Calif|Colo|Conn|Ct|Dak|(?-i:D)el|Fla|Ga|(?-i:I)ll|Ind|Kans?|Ky|(?-i:L)a|(?-i:M)ass|Md|Mich|Minn"
        + "|(?-i:M)iss|Mo|Mont|Neb|Nev|Okla|(?-i:O)re|(?-i:P)a|Penn|Tenn|(?-i:T)ex|Va|Vt|(?-i:W)ash|Wisc?|Wyo";
    private const string Firms = "Inc|Cos?|Corp|Pp?t[ye]s?|Ltd|Plc|Rt|Bancorp|Dept|Bhd|Assn|Univ|Intl|Sys|Invt|Elec|Natl|M[ft]g|Cie|TREAS";
    private const string Titles = "Mr|Mrs|Ms|Drs?|Profs?|Sens?|Reps?|Attys?|Lt|Col|Gen|Messrs|Govs?|Adm|Rev|Maj|Sgt|Cpl|Pvt|Capt|Ste?|Ave|Pres|Lieut|Hon|Brig|Co?mdr|Pfc|Spc|Supts?|Det"
        + "|Mt|Ft|Adj|Adv|Asst|Assoc|Ens|Insp|Mlle|Mme|Msgr|Sfc|Jr|Sr|Bros|(?:Ed|Ph)\\.D|Esq|Wm|Jos|Ph";
    private const string Others = "tel|est|ext|sq|etc|al|seq|Bldg|vs|cf|a\\.k\\.a";
    private const string BeforeNumbers = "ca|figs?|prop|nos?|vols?|sect?s?|arts?|bldg|pp|op";
    private const string Initials = @"[A-Za-z](?:\.[A-Za-z])*";

    // Words that are two tokens; the number is the length of the second.
    private static readonly FrozenDictionary<string, int> Contractions = new Dictionary<string, int>
    {
        ["cannot"] = 3,
        ["'twas"] = 3,
        ["'tis"] = 2,
        ["gonna"] = 2,
        ["gotta"] = 2,
        ["lemme"] = 2,
        ["gimme"] = 2,
        ["wanna"] = 2,
        ["d'ye"] = 2,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Written = new Dictionary<string, string>
    {
        ["("] = "-LRB-",
        [")"] = "-RRB-",
        ["["] = "-LSB-",
        ["]"] = "-RSB-",
        ["{"] = "-LCB-",
        ["}"] = "-RCB-",
        ["&lt;"] = "<",
        ["&gt;"] = ">",
        ["&amp;"] = "&",
        ["&quot;"] = "''",
        ["\""] = "''",
        ["\u00BC"] = "1/4",
        ["\u00BD"] = "1/2",
        ["\u00BE"] = "3/4",
        ["\u2153"] = "1/3",
        ["\u2154"] = "2/3",
        ["\u00A2"] = "cents",
        ["\u00A3"] = "#",
        ["\u00A4"] = "$",
        ["\u0080"] = "$",
        ["\u20A0"] = "$",
        ["\u20AC"] = "$",
    }.ToFrozenDictionary();

    private static readonly Rule[] All =
    [
        new(@"c\+\+|[cf]#"),
        new($"(?:cannot|{Apostrophe}twas)|(?:{Apostrophe}tis|gonna|gotta|lemme|gimme|wanna|d{Apostrophe}ye)(?=[^A-Za-z]|$)",
            Split: token => token.Length - Contractions[Straight(token)]),
        new(@"</?[a-z!?][a-z0-9:.-]{0,100}(?:[ ]+[a-z][a-z0-9_:.-]{0,100}(?:[ ]*=[ ]*(?:'[^'<>]{0,200}'|""[^""<>]{0,200}""|[a-z0-9]{1,100}))?){0,20}[ ]*/?>", Write: WithoutSpaces),
        new("&(?:mdash|ndash|MD);|[\u0096\u0097\u2012-\u2015]", Write: _ => "--"),
        new("&(?:HT|TL|UR|LR|QC|QL|QR|odq|cdq|#[0-9]+);"),
        new("[A-Za-z\u00AD]*[A-MO-Za-mo-z]\u00AD*", After: $"n{AnyApostrophe}t", Write: WithoutSoftHyphens),
        new($"n{AnyApostrophe}t{NoLetter}", Write: Straight),
        new(Word, After: Clitic, Write: WithoutSoftHyphens),
        new($"{Clitic}{NoLetter}", Write: Straight),
        new(Word, Write: WithoutSoftHyphens),
        new($"{Apostrophe}n{Apostrophe}?(?!\\w)|[ldj]{Apostrophe}|(?:dunkin|somethin|ol){Apostrophe}|{Apostrophe}(?:em|till?|cause)(?!\\w)"
            + $"|{Apostrophe}[2-9]0s|(?-i:[A-HJ-XZn]){AnyApostrophe}{Letter}{{2,}}|{Letter}+[aeiouy]{AnyApostrophe}[aeiou]{Letter}*"
            + "|cont'd\\.?|nor'easter|c'mon|e'er|s'mores|ev'ry|li'l|nat'l|o'o", Write: Straight),
        new($"y{Apostrophe}", After: Letter, Write: Straight),
        new($@"https?://{Bare}{{1,400}}(?<=[^\s""'<>|.!?(){{}},-])"),
        new(@"(?:www\.(?:[^\s""<>|.!?(){},]{1,100}\.){1,20}[a-z]{2,4}"
            + @"|(?:[^\s""`'<>|.!?(){},_$/:@#-][^\s""`'<>|.!?(){},_$/:@]{0,100}\.){1,20}(?:com|net|org|edu)(?![A-Za-z0-9]))"
            + @"(?:/[^\s""<>|()]{1,400}(?<=[^\s""<>|.!?(){},-]))?"),
        new($@"[a-z0-9]{Bare.Replace("|", "|@")}{{0,100}}@(?:[^\s""<>|(){{}}.@]{{1,100}}\.){{1,20}}[^\s""<>|(){{}}.,;:!?@]{{1,100}}"),
        new($@"@[a-z_]\w*|#{Letter}(?:(?:{LetterOrDigit}|_)*{LetterOrDigit})?"),
        new($"(?:{Months}|{States}|{Firms}|{Titles}|{Others})\\."),
        new($"(?:{BeforeNumbers})\\.", After: $"{Space}?[0-9]"),
        new($"{Initials}\\."),
        new($"[A-Za-z]", After: $"\\.{Space}(?:{Space}|(?-i:\\p{{Lu}}))"),
        new($@"[\p{{L}}\p{{Nd}}]+(?:[-._/][\p{{L}}\p{{Nd}}]+)*\.(?:{Files})(?![\p{{L}}\p{{Nd}}])"),
        new(@"\p{Nd}{1,2}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}"),
        new($@"[-+]?{Number}", Write: WithoutSoftHyphens),
        new($@"(?:\p{{Nd}}{{1,4}}[- \u00A0])?\p{{Nd}}{{1,4}}(?:/|\u2044)\p{{Nd}}{{1,4}}", Write: token => WithoutSpaces(token).Replace('\u2044', '/')),
        new(@"(?:\([0-9]{2,3}\)[ \u00A0]?|(?:\+{1,2})?(?:[0-9]{2,4}[- \u00A0])?[0-9]{2,4}[- \u00A0])[0-9]{3,4}[- \u00A0]?[0-9]{3,5}"
            + @"|(?:(?:\+{1,2})?[0-9]{2,4}\.)?[0-9]{2,4}\.[0-9]{3,4}\.[0-9]{3,5}",
            Write: token => WithoutSpaces(WithoutBrackets(token))),
        new($"{Piece}(?:{Hyphen}{Piece})*", Write: Straight),
        new(@"(?-i:[A-Z]+(?:(?:[+&]|&amp;)[A-Z]+)+)", Write: token => token.Replace("&amp;", "&")),
        new($@"{Part}(?:\\?/{Part}){{1,2}}"),
        new($@"[A-Za-z0-9][A-Za-z0-9.,\u00AD]*(?:-(?:[A-Za-z0-9\u00AD]+|[A-Za-z](?:\.[A-Za-z])+\.))+", Write: WithoutSoftHyphens),
        new($"{Apostrophe}[0-9][0-9](?![0-9])", Write: Straight),
        new("[<>]?[:;=][-o*']?[()DPdpO\\\\{@|\\[\\]]", After: "(?:[^A-Za-z]|$)", Write: WithoutBrackets),
        new(@"[-^x=~<>']_[-^x=~<>']|\([-^x=~<>'][_.]?[-^x=~<>']\)", Write: WithoutBrackets),
        new(@"\.{3,}|[\u0085\u2026]|\.(?:[ \u00A0]\.){2,}", Write: _ => "..."),
        new("(?-i:[A-Z])*\\$|#|[\u00A2-\u00A5\u0080\u20A0\u20A4\u20AC\u0E3F\u060B\uFFE0\uFFE1\uFFE5\uFFE6\u00BC-\u00BE\u2153-\u215E]"
            + "|&lt;|&gt;|&amp;|&quot;|[()\\[\\]{}\"<>]", Write: token => Written.GetValueOrDefault(token, token)),
        new("<<|>>|[?!]+|[,;:\u3001.\u00A1\u00BF\u3002=/]|\\*+|@+|_+"),
        new("-+", Write: token => token.Length is 3 or 4 ? "--" : token),
        new("[\u207A\u207B\u208A\u208B]?(?:[\u2070\u00B9\u00B2\u00B3\u2074-\u2079]+|[\u2080-\u2089]+)"),
        new($"{Apostrophe}|''|[`\u2018-\u201F\u0091-\u0094\u2039\u203A\u00AB\u00BB]{{1,2}}", Write: Quote),
        new("[+%&~^|\\\\\u00A6-\u00A9\u00AC\u00AE-\u00BA\u00D7\u00F7\u0387\u05BE\u0600-\u0603\u0606-\u060A\u060C\u061B\u061E\u066A\u066D\u0964\u0965\u0E4F"
            + "\u2016\u2017\u2020-\u2023\u2030-\u2038\u203B-\u2044\u207C-\u207F\u208C-\u208E\u2100-\u214F\u2190-\u21FF\u2200-\u2BFF"
            + "\u3002-\u3020\u30FB\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]"),
        new($"(?:{Space}|&nbsp;)+", Write: _ => ""),
    ];

    /// <summary>Whether a word is two tokens.</summary>
    public static bool IsContraction(string word) => Contractions.ContainsKey(word);

    /// <summary>The token at a place, and how many characters it takes; an empty token where none is.</summary>
    public static (string Token, int Length) Next(string text, int at)
    {
        (Rule? Rule, int Length, string Token) best = (null, 0, "");
        foreach (var rule in All)
        {
            if (rule.Match(text, at) is { } match && match.Length > best.Length)
                best = (rule, match.Length, match.Token);
        }
        if (best.Rule is null)
            return ("", 1);
        var token = best.Rule.Split is { } split ? best.Token[..split(best.Token)] : best.Token;
        return (best.Rule.Write?.Invoke(token) ?? token, token.Length);
    }

    private static string WithoutBrackets(string token) => token.Replace("(", "-LRB-").Replace(")", "-RRB-");

    // A token with a space in it is one word nevertheless.
    private static string WithoutSpaces(string token) => token.Replace(' ', '\u00A0');

    private static string WithoutSoftHyphens(string token) => token.Replace("\u00AD", "");

    private static string Straight(string token) => Regex.Replace(token, AnyApostrophe, "'");

    private static string Quote(string token) => string.Concat(token.Replace("&apos;", "'").Select(mark => mark switch
    {
        '\u0091' or '\u2018' or '\u201B' or '\u2039' => "`",
        '\u0092' or '\u2019' or '\u203A' => "'",
        '\u0093' or '\u201C' or '\u00AB' => "``",
        '\u0094' or '\u201D' or '\u00BB' => "''",
        _ => $"{mark}",
    }));

    /// <summary>A rule.</summary>
    /// <param name="Pattern">The token.</param>
    /// <param name="After">What must follow the token.</param>
    /// <param name="Split">How much of the match is the token; the rest is read again.</param>
    /// <param name="Write">How the token is written.</param>
    private sealed record Rule(string Pattern, string After = "", Func<string, int>? Split = null, Func<string, string>? Write = null)
    {
        private readonly Regex _regex = new($@"\G(?<token>{Pattern}){After}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled);

        public (string Token, int Length)? Match(string text, int at) =>
            _regex.Match(text, at) is { Success: true } match ? (match.Groups["token"].Value, match.Length) : null;
    }
}
