using System.Text;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Tokens;

namespace Orchard.Grammars.Tests;

/// <summary>Which tokens a grammar lets expect: what it leaves no choice about, and what came at the same place before.</summary>
public sealed class ExpectedTokenTests
{
    private const int End = 0;
    private const int Call = 1;

    // One token per printable character, longer ones, an end token and a control token.
    private static readonly string[] Vocabulary =
        ["", "", .. Enumerable.Range(' ', 95).Select(static c => $"{(char)c}"), "name", "nam", "{\"", "\":", "\": ", "tru", "true"];

    [Fact]
    public void SingleContinuation_IsTakenApartIntoTheLongestTokens()
    {
        GrammarMatcher matcher = Matcher("""root ::= "{\"name\":" [0-9] "}" """);

        Assert.Equal(["{\"", "name", "\":"], Expect(matcher).Texts);
    }

    [Fact]
    public void OneTokenAllowed_IsCertain()
    {
        GrammarMatcher matcher = Matcher("""root ::= "zx" "name" """);

        (string[] texts, bool[] certain) = Expect(matcher);

        Assert.Equal(["z", "x"], texts);
        Assert.Equal([true, true], certain); // "name", "nam" and "n" are allowed after that
    }

    [Fact]
    public void TokenThatGoesOnBeyond_IsNotRuledOut()
    {
        GrammarMatcher matcher = Matcher("""root ::= "\":" " "? [0-9] """);

        (string[] texts, bool[] certain) = Expect(matcher);

        Assert.Equal(["\":"], texts);
        Assert.Equal([false], certain); // a space may be in the same token
    }

    [Fact]
    public void Choice_IsNotExpected()
    {
        Assert.Empty(Expect(Matcher("""root ::= "true" | "false" """)).Texts);
        Assert.Empty(Expect(Matcher("root ::= [a-z]+")).Texts);
        Assert.Empty(Expect(Matcher("root ::= \"a\"*")).Texts); // or the end
    }

    [Fact]
    public void OtherTokensCame_AreExpectedTheNextTime()
    {
        Func<GrammarMatcher> create = Matchers("""root ::= "{\"name\":" [0-9]""");
        Accept(create(), "{", "\"", "nam", "e", "\":");

        (string[] texts, bool[] certain) = Expect(create());

        Assert.Equal(["{", "\"", "nam", "e", "\":"], texts);
        Assert.False(certain[0]); // "{\"" is allowed as well
    }

    [Fact]
    public void ChoiceThatIsAlwaysTheSame_IsExpected_UntilItChanges()
    {
        Func<GrammarMatcher> create = Matchers("""root ::= ("true" | "false") "." """);
        for (int i = 0; i < 3; i++)
        {
            Accept(create(), "tru", "e");
        }

        Assert.Equal("tru", Expect(create()).Texts[0]);
        for (int i = 0; i < 3; i++)
        {
            Accept(create(), "f", "a");
        }

        Assert.NotEqual("tru", Expect(create()).Texts.FirstOrDefault());
    }

    [Fact]
    public void TextOfAControlToken_IsExpectedAsThatToken()
    {
        GrammarMatcher matcher = Matcher("""root ::= "<call>" "z" """, "<call>");
        var tokens = new int[8];
        var certain = new bool[8];

        Assert.Equal(2, matcher.Expect(tokens, certain, out bool areUntried));
        Assert.True(areUntried);
        Assert.Equal(Call, tokens[0]);
        Assert.False(certain[0]); // the text may be spelled
        Assert.True(certain[1]);
    }

    [Fact]
    public void FinishedText_ExpectsNothing()
    {
        GrammarMatcher matcher = Matcher("""root ::= "z" """);
        Accept(matcher, "z");

        Assert.True(matcher.IsFinished);
        Assert.Empty(Expect(matcher).Texts);
    }

    private static GrammarMatcher Matcher(string gbnf, params string[] controlTexts) => Matchers(gbnf, controlTexts)();

    // Matchers of one grammar learn from each other.
    private static Func<GrammarMatcher> Matchers(string gbnf, params string[] controlTexts)
    {
        var bytes = new TestBytes();
        var trie = new TokenTrie(
            Vocabulary.Length, token => bytes.GetBytes(token).ToArray(), static token => token == End, static token => token == Call ? "<call>" : null);
        var grammar = new TokenGrammar(GrammarCompiler.Compile(GbnfParser.Parse(gbnf), controlTexts), trie, bytes);
        return () => new GrammarMatcher(grammar);
    }

    private static void Accept(GrammarMatcher matcher, params string[] texts)
    {
        foreach (string text in texts)
        {
            matcher.Accept(Array.IndexOf(Vocabulary, text));
        }
    }

    private static (string[] Texts, bool[] Certain) Expect(GrammarMatcher matcher)
    {
        var tokens = new int[16];
        var certain = new bool[16];
        int count = matcher.Expect(tokens, certain, out _);
        return ([.. tokens[..count].Select(static token => Vocabulary[token])], certain[..count]);
    }

    private sealed class TestBytes : ITokenBytes
    {
        private readonly byte[][] _bytes = [.. Vocabulary.Select(Encoding.UTF8.GetBytes)];

        public ReadOnlySpan<byte> GetBytes(int token) => _bytes[token];
    }
}
