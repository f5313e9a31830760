using Orchard.Grammars.Compilation;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Tests;

public sealed class GbnfPrinterTests
{
    [Theory]
    [InlineData("(a|b)*c{2,3}", "abacc", "abac")]
    [InlineData("[^\\d\\s\\]^\\\\-]+", "green\"[", "gre^n")]
    [InlineData("[\\x00-\\x1f\"\\\\\\]^-]{3}", "\"\\]", "abc")]
    [InlineData("(?<year>[0-9]{4})-\\u{1F989}", "2024-🦉", "24-🦉")]
    [InlineData("(?i)straße|ünder", "ÜNDER", "inder")]
    [InlineData("a?", "", "aa")]
    [InlineData("^(?!ab).{2}$", "ac", "ab")]
    public void Print_GrammarHasTheTextsOfTheExpression(string pattern, string text, string other)
    {
        string gbnf = GbnfPrinter.Print(Pattern.Whole(pattern));
        var grammar = GrammarCompiler.Compile(GbnfParser.Parse(gbnf));

        Assert.All(gbnf, static character => Assert.True(char.IsAscii(character)));
        Assert.True(grammar.Matches(text), gbnf);
        Assert.False(grammar.Matches(other), gbnf);
    }

    [Fact]
    public void Print_ShortExpression_IsReadable() => Assert.Equal(
        "root ::= [\\x2B\\x2D] s1 | [0-9] s2\ns1 ::= [0-9] s2\ns2 ::= [0-9] s2 | \"\"\n",
        GbnfPrinter.Print(Pattern.Whole("[+-]?[0-9]+")));

    [Fact]
    public void Print_NoText_IsRefused() =>
        Assert.Throws<GrammarException>(() => GbnfPrinter.Print(Pattern.Whole("[^\\s\\S]")));
}
