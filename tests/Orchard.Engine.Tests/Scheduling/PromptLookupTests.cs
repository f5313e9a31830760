using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PromptLookupTests
{
    [Fact]
    public void Draft_LastTokensStoodBefore_GoesOnAsThere() =>
        Assert.Equal([4, 5, 6, 1], new PromptLookup().Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, max: 10).ToArray());

    [Fact]
    public void Draft_StoodThereTwice_TakesTheLater() =>
        Assert.Equal([8, 1, 2, 3], new PromptLookup().Draft([1, 2, 3, 4, 1, 2, 3, 8, 1, 2], newest: 3, max: 10).ToArray());

    [Fact]
    public void Draft_TextThatRepeatsItselfInShortTurns_GoesOnBeyondItsEnd()
    {
        Assert.Equal([7, 7, 7, 7], new PromptLookup().Draft([7, 7, 7], newest: 7, max: 10).ToArray());
        Assert.Equal([8, 7, 8, 7], new PromptLookup().Draft([7, 8, 7, 8], newest: 7, max: 10).ToArray());
    }

    [Fact]
    public void Draft_NothingLikeIt_IsEmpty()
    {
        var lookup = new PromptLookup();

        Assert.Empty(lookup.Draft([1, 2, 3, 4, 5], newest: 6, max: 10).ToArray());
        Assert.Empty(lookup.Draft([1, 2], newest: 3, max: 10).ToArray());
        Assert.Empty(lookup.Draft([], newest: 3, max: 10).ToArray());
    }

    [Fact]
    public void Draft_NoMoreThanWanted()
    {
        Assert.Equal([4, 5], new PromptLookup().Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, max: 2).ToArray());
        Assert.Empty(new PromptLookup().Draft([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, max: 0).ToArray());
    }

    [Fact]
    public void Record_GuessesComeTrue_GetLonger()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        Assert.Equal(4, lookup.Draft(before, 3, 100).Length);
        lookup.Record(4, 4);
        Assert.Equal(8, lookup.Draft(before, 3, 100).Length);
        lookup.Record(8, 8);
        Assert.Equal(PromptLookup.MaxDraft, lookup.Draft(before, 3, 100).Length);
    }

    [Fact]
    public void Record_GuessesComeTrueButTakeLongerThanTheySave_Pauses()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Record(4, 3, decodes: 4.5);

        Assert.True(lookup.Draft(before, 3, 100).IsEmpty);
    }

    [Fact]
    public void Record_FewComeTrueButCostLittle_GoesOn()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Record(4, 1, decodes: 1.5);

        Assert.Equal(2, lookup.Draft(before, 3, 100).Length);
    }

    [Fact]
    public void Record_OneDecodeWasHeldUp_TakesItForNoMoreThanItsTokens()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Record(4, 4, decodes: 100);

        Assert.Equal(8, lookup.Draft(before, 3, 100).Length);
    }

    [Fact]
    public void Record_GuessesFail_PausesLongerAndLonger()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];
        var pauses = new List<int>();
        for (int miss = 0; miss < 9; miss++)
        {
            lookup.Record(4, 0);
            int pause = 0;
            while (lookup.Draft(before, 3, 100).IsEmpty)
            {
                pause++;
            }

            pauses.Add(pause);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 64, 64], pauses);
    }
}
