using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PromptLookupTests
{
    [Fact]
    public void Draft_LastTokensStoodBefore_GoesOnAsThere() =>
        Assert.Equal([4, 5, 6, 1], Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3));

    [Fact]
    public void Draft_StoodThereTwice_TakesTheLater() =>
        Assert.Equal([8, 1, 2, 3], Draft([1, 2, 3, 4, 1, 2, 3, 8, 1, 2], newest: 3));

    [Fact]
    public void Draft_TextThatRepeatsItselfInShortTurns_GoesOnBeyondItsEnd()
    {
        Assert.Equal([7, 7, 7, 7], Draft([7, 7, 7], newest: 7));
        Assert.Equal([8, 7, 8, 7], Draft([7, 8, 7, 8], newest: 7));
    }

    [Fact]
    public void Draft_NothingLikeIt_IsEmpty()
    {
        Assert.Empty(Draft([1, 2, 3, 4, 5], newest: 6));
        Assert.Empty(Draft([1, 2], newest: 3));
        Assert.Empty(Draft([], newest: 3));
    }

    [Fact]
    public void Draft_NoMoreThanWanted()
    {
        Assert.Equal([4, 5], Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, max: 2));
        Assert.Empty(Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, max: 0));
    }

    private static int[] Draft(int[] before, int newest, int max = 4)
    {
        int[] draft = new int[max];
        return draft[..PromptLookup.Draft(before, newest, draft)];
    }
}
