using Orchard.Engine.Prefixes;

namespace Orchard.Engine.Tests.Prefixes;

public sealed class PrefixIndexTests
{
    private const string Key = "key";

    [Theory]
    [InlineData(63, 0)] // no whole block
    [InlineData(64, 64)]
    [InlineData(100, 100)]
    [InlineData(300, 300)]
    public void Find_CommonBeginning_IsFoundToTheToken(int common, int expected)
    {
        StoredPrefix file = File(PrefixHarness.Tokens(300));
        var index = new PrefixIndex([File(PrefixHarness.Tokens(300, first: 5_000)), file], isWhole: false);

        StoredPrefix? found = index.Find(Key, [.. PrefixHarness.Tokens(common), 9_999, 9_998], out int tokens);

        Assert.Equal(expected, tokens);
        Assert.Equal(expected > 0 ? file : null, found);
    }

    [Fact]
    public void Find_SeveralWithTheSameBeginning_ReturnsTheOneWithMoreInCommonOrTheShorter()
    {
        StoredPrefix other = File([.. PrefixHarness.Tokens(200), .. PrefixHarness.Tokens(500, first: 3_000)]);
        StoredPrefix shorter = File([.. PrefixHarness.Tokens(200), .. PrefixHarness.Tokens(100, first: 4_000)]);
        var index = new PrefixIndex([other, shorter], isWhole: false);

        Assert.Equal(other, index.Find(Key, [.. PrefixHarness.Tokens(200), .. PrefixHarness.Tokens(300, first: 3_000)], out int tokens));
        Assert.Equal(500, tokens);
        Assert.Equal(shorter, index.Find(Key, [.. PrefixHarness.Tokens(200), 1, 2], out tokens));
        Assert.Equal(200, tokens);
    }

    [Fact]
    public void Find_OtherModelOrSettings_FindsNothing()
    {
        var index = new PrefixIndex([File(PrefixHarness.Tokens(300))], isWhole: false);

        Assert.Null(index.Find("other", PrefixHarness.Tokens(300), out _));
    }

    [Theory]
    [InlineData(300, 256)]
    [InlineData(256, 256)]
    [InlineData(255, 130)]
    [InlineData(129, 0)]
    public void Find_Whole_ReturnsTheLongestOfWhichThePromptHasAll(int common, int expected)
    {
        var index = new PrefixIndex(
            [File(PrefixHarness.Tokens(130)), File(PrefixHarness.Tokens(256)), File(PrefixHarness.Tokens(400))], isWhole: true);

        StoredPrefix? found = index.Find(Key, [.. PrefixHarness.Tokens(common), 9_999], out int tokens);

        Assert.Equal(expected, tokens);
        Assert.Equal(expected, found?.Tokens.Length ?? 0);
    }

    private static StoredPrefix File(int[] tokens) =>
        new() { Path = $"{tokens.Length}", Key = Key, Tokens = tokens, StateBytes = 1, StateDigest = [] };
}
