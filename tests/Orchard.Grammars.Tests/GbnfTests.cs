using Orchard.Grammars.Compilation;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Tests;

public sealed class GbnfTests
{
    [Theory]
    [InlineData("root ::= \"yes\" | \"no\"", "yes", "maybe")]
    [InlineData("root ::= [0-9]+ (\".\" [0-9]{2})?", "17.25", "17.2")]
    [InlineData("root ::= [^\"\\n]*", "grün 🦉", "a\nb")]
    [InlineData("root ::= \"\\u00e9\\x41\\U0001F989\"", "éA🦉", "éB🦉")]
    [InlineData("root ::= item (\", \" item){0,2} # three\nitem ::= \"a\" |\n  \"b\"", "a, b, a", "a, b, a, b")]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "((()))", "(()")]
    [InlineData("root ::= . .", "é🦉", "é")]
    [InlineData("root ::= ([a-c]? [x-z]?){2,3}", "axbzc", "axbzcxa")]
    [InlineData("root ::= ([a-z]{1,3} \"-\"?){20}", "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t", "a-b")]
    public void Matches_TextOfTheGrammar_AndNoOther(string gbnf, string text, string other)
    {
        var grammar = GrammarCompiler.Compile(GbnfParser.Parse(gbnf));

        Assert.True(grammar.Matches(text));
        Assert.False(grammar.Matches(other));
    }

    [Fact]
    public void Matches_LargeCount_IsExact()
    {
        var grammar = GrammarCompiler.Compile(GbnfParser.Parse("root ::= [ab]{5000,7000}"));

        Assert.False(grammar.Matches(new string('a', 4_999)));
        Assert.True(grammar.Matches(new string('b', 5_000)));
        Assert.True(grammar.Matches(new string('b', 7_000)));
        Assert.False(grammar.MayBegin(new string('a', 7_001)));
    }

    [Fact]
    public void Matches_DeepNesting_Finishes()
    {
        var grammar = GrammarCompiler.Compile(GbnfParser.Parse("root ::= \"[\" root \"]\" | [0-9]"));

        Assert.True(grammar.Matches(new string('[', 20_000) + "1" + new string(']', 20_000)));
    }

    [Theory]
    [InlineData("start ::= \"a\"", "root")]
    [InlineData("root ::= part", "'part'")]
    [InlineData("root ::= root \"a\" | \"a\"", "'root' can begin with itself")]
    [InlineData("root ::= a\na ::= b? c\nb ::= \"x\"\nc ::= a", "can begin with itself")]
    [InlineData("root ::= \"a\" root", "matches no text")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "line 2")]
    [InlineData("root ::= \"a", "line 1")]
    [InlineData("root ::= \"a\"\n\nroot2 := \"b\"", "line 3, column 7")]
    [InlineData("root ::= [z-a]", "backwards")]
    [InlineData("root ::= \"a\"{3,2}", "at least 3")]
    [InlineData("root ::= \"a\"{99999999999}", "a count")]
    [InlineData("root ::= <think>", "tokens")]
    [InlineData("root ::= \"\\q\"", "\\q")]
    [InlineData("root ::= ( \"a\"", "')'")]
    [InlineData("", "root")]
    [InlineData("root ::= []", "matches no text")]
    public void Compile_BadGrammar_SaysWhatAndWhere(string gbnf, string expected)
    {
        var error = Assert.Throws<GrammarException>(() => GrammarCompiler.Compile(GbnfParser.Parse(gbnf)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_GroupsTooDeep_IsRefused() => Assert.Throws<GrammarException>(
        () => GrammarCompiler.Compile(GbnfParser.Parse($"root ::= {new string('(', 100_000)}\"a\"{new string(')', 100_000)}")));

    [Fact]
    public void Until_FreeTextBeforeAMark_ConstrainsOnlyWhatFollows()
    {
        GrammarNode call = GrammarNode.Sequence(GrammarNode.Until("<call>"), GrammarNode.Literal("{}</call>"));
        var grammar = GrammarCompiler.Compile(GrammarNode.Choice(GrammarNode.Without("<call>"), call));

        Assert.True(grammar.Matches("What <b>do</b> you want? <cal"));
        Assert.True(grammar.Matches("So: <<call>{}</call>"));
        Assert.False(grammar.MayBegin("So: <call>What"));
        Assert.False(grammar.MayBegin("<call>{}</call>!"));
    }
}
