using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>With 64 tokens per slot, prefixes of at least 17 tokens are copied.</summary>
public sealed class SlotTableTests
{
    [Fact]
    public void Place_NothingHeld_TakesNeighboursFromTheLowest()
    {
        var table = new SlotTable(3, 64);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => Run(table, Tokens(5)).Slot));
        Assert.False(table.HasFree);
    }

    [Fact]
    public void Place_ContinuesWhatASlotHolds_GoesThereInPlace()
    {
        var table = new SlotTable(3, 64);
        Finish(table, Tokens(10));
        Finish(table, Tokens(10, first: 500));

        Assert.Equal(new SlotPlacement(0, 0, 10), table.Place(Tokens(12), reuse: true));
    }

    [Fact]
    public void Place_SamePrompt_ComputesItsLastTokenAgain()
    {
        var table = new SlotTable(2, 64);
        Finish(table, Tokens(10));

        Assert.Equal(9, table.Place(Tokens(10), reuse: true).CachedTokens);
    }

    [Fact]
    public void Place_NotReused_TakesAnEmptySlotAndNoTokens()
    {
        var table = new SlotTable(2, 64);
        Finish(table, Tokens(10));

        Assert.Equal(new SlotPlacement(1, 1, 0), table.Place(Tokens(12), reuse: false));
    }

    [Fact]
    public void Place_LongBeginningOfMuchLongerContent_IsCopiedSoThatBothSurvive()
    {
        var table = new SlotTable(2, 64);
        Finish(table, Tokens(50));

        Assert.Equal(new SlotPlacement(1, 0, 20), table.Place([.. Tokens(20), 900, 901], reuse: true));
    }

    [Fact]
    public void Place_ShortCommonBeginning_IsNotWorthACopy()
    {
        var table = new SlotTable(2, 64);
        Finish(table, Tokens(50));

        Assert.Equal(new SlotPlacement(1, 1, 0), table.Place([.. Tokens(16), 900, 901], reuse: true));
    }

    [Fact]
    public void Place_SourceStillRuns_IsCopiedFrom()
    {
        var table = new SlotTable(2, 64);
        Run(table, Tokens(30));

        Assert.Equal(new SlotPlacement(1, 0, 30), table.Place(Tokens(40), reuse: true));
    }

    [Fact]
    public void Place_AllHeld_TakesTheLeastRecentlyUsed()
    {
        var table = new SlotTable(3, 64);
        Finish(table, Tokens(40));
        Finish(table, Tokens(40, first: 200));
        Finish(table, Tokens(40, first: 300));
        Finish(table, Tokens(41)); // uses the first again

        Assert.Equal(1, table.Place(Tokens(5, first: 700), reuse: true).Slot);
    }

    [Fact]
    public void Place_OthersRun_PrefersTheSlotBetweenThem()
    {
        var table = new SlotTable(4, 64);
        Run(table, Tokens(5, first: 100));
        int middle = Run(table, Tokens(5, first: 200)).Slot;
        Run(table, Tokens(5, first: 300));
        table.End(middle, keep: true);

        Assert.Equal(middle, table.Place(Tokens(5, first: 700), reuse: true).Slot);
    }

    [Fact]
    public void End_NotKept_NobodyFindsIt()
    {
        var table = new SlotTable(2, 64);
        table.End(Run(table, Tokens(30)).Slot, keep: false);

        Assert.Equal(0, table.Place(Tokens(40), reuse: true).CachedTokens);
    }

    [Fact]
    public void TokensWorthWaitingFor_LongPromptThatIsNotComputedYet_AreSomeUntilItIs()
    {
        var table = new SlotTable(2, 512);
        int[] running = Tokens(300);
        SlotPlacement placement = table.Place(running, reuse: true);
        table.Begin(placement, 0);
        int[] waiting = [.. Tokens(200), 900];

        Assert.Equal(200 - 128, table.TokensWorthWaitingFor(waiting, running));
        Assert.True(table.TokensWorthWaitingFor([.. Tokens(100), 900], running) < 0);
        Array.ForEach(running[..200], token => table.Append(placement.Slot, token));
        Assert.True(table.TokensWorthWaitingFor(waiting, running) < 0);
    }

    private static int[] Tokens(int count, int first = 1) => [.. Enumerable.Range(first, count)];

    private static SlotPlacement Run(SlotTable table, int[] prompt)
    {
        SlotPlacement placement = table.Place(prompt, reuse: true);
        table.Begin(placement, placement.CachedTokens);
        Array.ForEach(prompt[placement.CachedTokens..], token => table.Append(placement.Slot, token));
        return placement;
    }

    private static void Finish(SlotTable table, int[] prompt) => table.End(Run(table, prompt).Slot, keep: true);
}
