using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PromptLookupTests
{
    [Fact]
    public void Guess_LastTokensStoodBefore_GoesOnAsThere() =>
        Assert.Equal([4, 5, 6, 1], new PromptLookup().Guess([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, most: 10).ToArray());

    [Fact]
    public void Guess_StoodThereTwice_TakesTheLater() =>
        Assert.Equal([8, 1, 2, 3], new PromptLookup().Guess([1, 2, 3, 4, 1, 2, 3, 8, 1, 2], newest: 3, most: 10).ToArray());

    [Fact]
    public void Guess_TextThatRepeatsItselfInShortTurns_GoesOnBeyondItsEnd()
    {
        Assert.Equal([7, 7, 7, 7], new PromptLookup().Guess([7, 7, 7], newest: 7, most: 10).ToArray());
        Assert.Equal([8, 7, 8, 7], new PromptLookup().Guess([7, 8, 7, 8], newest: 7, most: 10).ToArray());
    }

    [Fact]
    public void Guess_NothingLikeIt_IsEmpty()
    {
        var lookup = new PromptLookup();

        Assert.Empty(lookup.Guess([1, 2, 3, 4, 5], newest: 6, most: 10).ToArray());
        Assert.Empty(lookup.Guess([1, 2], newest: 3, most: 10).ToArray());
        Assert.Empty(lookup.Guess([], newest: 3, most: 10).ToArray());
    }

    [Fact]
    public void Guess_NoMoreThanWanted()
    {
        Assert.Equal([4, 5], new PromptLookup().Guess([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, most: 2).ToArray());
        Assert.Empty(new PromptLookup().Guess([1, 2, 3, 4, 5, 6, 1, 2], newest: 3, most: 0).ToArray());
    }

    [Fact]
    public void Learn_GuessesComeTrue_GetLonger()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        Assert.Equal(4, lookup.Guess(before, 3, 100).Length);
        lookup.Learn(4, 4);
        Assert.Equal(8, lookup.Guess(before, 3, 100).Length);
        lookup.Learn(8, 8);
        Assert.Equal(PromptLookup.Longest, lookup.Guess(before, 3, 100).Length);
    }

    [Fact]
    public void Learn_GuessesComeTrueButTakeLongerThanTheySave_Pauses()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Learn(4, 3, decodes: 4.5);

        Assert.True(lookup.Guess(before, 3, 100).IsEmpty);
    }

    [Fact]
    public void Learn_FewComeTrueButCostLittle_GoesOn()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Learn(4, 1, decodes: 1.5);

        Assert.Equal(2, lookup.Guess(before, 3, 100).Length);
    }

    [Fact]
    public void Learn_OneDecodeWasHeldUp_TakesItForNoMoreThanItsTokens()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];

        lookup.Learn(4, 4, decodes: 100);

        Assert.Equal(8, lookup.Guess(before, 3, 100).Length);
    }

    [Fact]
    public void Learn_GuessesFail_PausesLongerAndLonger()
    {
        var lookup = new PromptLookup();
        int[] before = [.. Enumerable.Range(1, 60), 1, 2];
        var pauses = new List<int>();
        for (int miss = 0; miss < 9; miss++)
        {
            lookup.Learn(4, 0);
            int pause = 0;
            while (lookup.Guess(before, 3, 100).IsEmpty)
            {
                pause++;
            }

            pauses.Add(pause);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 64, 64], pauses);
    }
}
