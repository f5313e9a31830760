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
    public void FindSurplus_MoreShortPrefixesThanMayBe_IsTheLeastRecentlyUsed()
    {
        var table = new SlotTable(4, 1024, maxShortPrefixes: 1);
        Finish(table, Tokens(200));
        Finish(table, Tokens(20, first: 1000));
        Run(table, Tokens(20, first: 2000));

        Assert.Null(table.FindSurplus()); // long ones and those in use do not count
        Finish(table, Tokens(20, first: 3000));

        Assert.Equal(1, table.FindSurplus());
        table.Clear(1);
        Assert.Null(table.FindSurplus());
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
    public void Place_OthersRun_LeavesConversationsAsLongAsThereIsAnEmptySlot()
    {
        var table = new SlotTable(8, 64);
        Run(table, Tokens(30, first: 100));
        int held = Run(table, Tokens(30, first: 200)).Slot;
        Run(table, Tokens(30, first: 300));
        table.End(held, keep: true);

        SlotPlacement placement = Run(table, Tokens(30, first: 700));

        Assert.Equal(30, table.Place(Tokens(32, first: 200), reuse: true).CachedTokens);
        Assert.Equal(held, placement.Slot); // beside the running ones
    }

    [Fact]
    public void Place_NextTurnApartFromRunningOnes_MovesBesideThemAndLosesNobody()
    {
        var table = new SlotTable(8, 64);
        foreach (int chat in (int[])[100, 200, 300, 400, 500, 600])
        {
            Finish(table, Tokens(30, first: chat));
        }

        for (int turn = 1; turn < 6; turn++)
        {
            int tokens = 30 + turn;
            SlotPlacement first = Run(table, Tokens(tokens, first: 200));
            SlotPlacement second = Run(table, Tokens(tokens, first: 600));
            SlotPlacement third = Run(table, Tokens(tokens, first: 400));

            Assert.Equal([tokens - 1, tokens - 1, tokens - 1], [first.CachedTokens, second.CachedTokens, third.CachedTokens]);
            int[] slots = [.. new[] { first.Slot, second.Slot, third.Slot }.Order()];
            Assert.Equal([slots[0], slots[0] + 1, slots[0] + 2], slots);
            Array.ForEach(slots, slot => table.End(slot, keep: true));
            Assert.All((int[])[100, 300, 500], chat => Assert.Equal(30, table.Place(Tokens(31, first: chat), reuse: true).CachedTokens));
        }
    }

    [Fact]
    public void Place_AllHeldAndOthersRun_GivesUpTheLeastRecentlyUsed()
    {
        var table = new SlotTable(4, 64);
        Finish(table, Tokens(30, first: 100));
        Finish(table, Tokens(30, first: 200));
        Finish(table, Tokens(30, first: 300));
        Run(table, Tokens(30, first: 400));

        SlotPlacement placement = Run(table, Tokens(30, first: 700));

        Assert.Equal(2, placement.Slot); // beside the running one
        Assert.Equal(30, table.Place(Tokens(31, first: 200), reuse: true).CachedTokens);
        Assert.Equal(30, table.Place(Tokens(31, first: 300), reuse: true).CachedTokens);
        Assert.Equal(0, table.Place(Tokens(31, first: 100), reuse: true).CachedTokens);
    }

    [Fact]
    public void Place_BeginningOfWhatAnotherSlotHolds_IsGivenUpFirst()
    {
        var table = new SlotTable(3, 64);
        int first = Run(table, Tokens(30, first: 100)).Slot;
        table.End(Run(table, Tokens(40, first: 100)).Slot, keep: true);
        Finish(table, Tokens(30, first: 200));
        table.End(first, keep: true);

        Assert.Equal(first, Run(table, Tokens(5, first: 700)).Slot);
        Assert.Equal(40, table.Place(Tokens(41, first: 100), reuse: true).CachedTokens);
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
        if (placement.MoveTo is { } to)
        {
            table.Move(placement.Slot, to);
        }

        table.Begin(placement, placement.CachedTokens);
        Array.ForEach(prompt[placement.CachedTokens..], token => table.Append(placement.Slot, token));
        return placement;
    }

    private static void Finish(SlotTable table, int[] prompt) => table.End(Run(table, prompt).Slot, keep: true);
}
