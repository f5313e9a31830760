using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Tests;

public sealed class PatternTests
{
    [Theory]
    [InlineData("(a|b)*c{2,3}", "abacc", "abac")]
    [InlineData("^[^\\d\\s-]+$", "green", "gre3n")]
    [InlineData("(?<year>[0-9]{4})-\\u{1F989}", "2024-🦉", "24-🦉")]
    [InlineData("a.b", "a🦉b", "a\nb")]
    [InlineData("((a?){3}){3}", "aaaaaaaaa", "aaaaaaaaaa")]
    [InlineData("(){5000}", "", "a")]
    public void Whole_MatchesTheExpressionAndNothingElse(string pattern, string text, string other)
    {
        CodePointDfa texts = Pattern.Whole(pattern);

        Assert.True(texts.Contains(text));
        Assert.False(texts.Contains(other));
    }

    [Theory]
    [InlineData("(a", "character 3", "'(' has no ')'")]
    [InlineData("a)", "character 2", "')' has no '('")]
    [InlineData("*a", "character 1", "nothing to repeat")]
    [InlineData("a{3,2}", "character 7", "repetition counts")]
    [InlineData("a{5001}", "character 7", "a count from 0 to 5000")]
    [InlineData("[z-a]", "character 5", "backwards")]
    [InlineData("(?=a)", "character 3", "look-around")]
    [InlineData("\\1", "character 3", "back-references")]
    [InlineData("\\bword", "character 3", "word boundaries")]
    [InlineData("\\q", "character 3", "unknown escape '\\q'")]
    public void Whole_InvalidExpression_SaysWhatAndWhere(string pattern, string where, string what)
    {
        var error = Assert.Throws<GrammarException>(() => Pattern.Whole(pattern));

        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_NestedCountsOfAnEmptyGroup_ExhaustTheBudget()
    {
        // Nine million repetitions of nothing need two states, so the limit on states does not apply.
        var error = Assert.Throws<GrammarException>(() => Pattern.Whole("((){3000}){3000}"));

        Assert.Contains("too much work", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_MoreStatesThanTheLimit_IsRefused() => Assert.Throws<GrammarException>(() => Pattern.Whole("([a-c]{200}){200}"));
}
