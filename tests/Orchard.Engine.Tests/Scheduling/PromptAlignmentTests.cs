using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PromptAlignmentTests
{
    private const int Capacity = 512;

    [Fact]
    public void Align_PromptsOfNearlyTheSameLength_GetTheSameShares() =>
        Assert.Equal([36, 36, 36], Align([new(0, 38), new(1, 36), new(2, 40)], [38, 36, 40]));

    [Fact]
    public void Align_PromptsOfDifferentLengths_KeepTheirShares() =>
        Assert.Equal([100, 36, 41, 7], Align([new(0, 100), new(1, 36), new(2, 41), new(3, 7)], [100, 36, 41, 7]));

    [Fact]
    public void Align_TwoGroupsOfLengths_AreEachAligned() =>
        Assert.Equal([36, 36, 100, 100], Align([new(0, 36), new(1, 37), new(2, 103), new(3, 100)], [36, 37, 103, 100]));

    [Fact]
    public void Align_ShortPrompts_KeepTheirShares() => Assert.Equal([3, 4, 5], Align([new(0, 3), new(1, 4), new(2, 5)], [3, 4, 5]));

    [Fact]
    public void Align_WhatIsLeft_IsDecodedWithTheOthersOneTokenPerStep()
    {
        var alignment = new PromptAlignment(slots: 2);
        int[] shares = [38, 36];
        alignment.Align([new(0, 38), new(1, 36)], shares, Capacity);
        Assert.Equal([36, 36], shares);

        shares = [2, 1];
        alignment.Align([new(0, 2), new(1, 0)], shares, Capacity);
        Assert.Equal([1, 1], shares);

        shares = [1, 1];
        alignment.Align([new(0, 1), new(1, 0)], shares, Capacity);
        Assert.Equal([1, 1], shares);
    }

    [Fact]
    public void Align_WhatIsLeftWhenNobodyDecodes_IsComputedAtOnce()
    {
        var alignment = new PromptAlignment(slots: 2);
        alignment.Align([new(0, 39), new(1, 36)], [39, 36], Capacity);
        int[] shares = [3, 0];

        alignment.Align([new(0, 3)], shares, Capacity); // the other answer had one token

        Assert.Equal([3, 0], shares);
    }

    [Fact]
    public void Align_AnotherPromptInTheSlotOfOneThatWasShortened_GetsItsShare()
    {
        var alignment = new PromptAlignment(slots: 2);
        alignment.Align([new(0, 39), new(1, 36)], [39, 36], Capacity);
        int[] shares = [4, 1];

        alignment.Align([new(0, 4), new(1, 0)], shares, Capacity);

        Assert.Equal([4, 1], shares);
    }

    [Fact]
    public void Align_ShortPromptThatDoesNotFit_WaitsForTheNextBatch() =>
        Assert.Equal([250, 250, 0], Align([new(0, 250), new(1, 250), new(2, 30)], [250, 250, 12]));

    [Fact]
    public void Align_LongPromptThatDoesNotFit_IsCut() =>
        Assert.Equal([30, 482], Align([new(0, 30), new(1, 1000)], [30, 482]));

    [Fact]
    public void Align_OnlyPrompt_IsCut() => Assert.Equal([100], Align([new(0, 200)], [100]));

    [Fact]
    public void Align_LimitedPrompts_AreCut() =>
        Assert.Equal([1, 10, 6], Align([new(0, 0), new(1, 10), new(2, 40)], [1, 10, 6], burstCapacity: null));

    [Fact]
    public void Align_SteadyState_AllocatesNothing()
    {
        var alignment = new PromptAlignment(slots: 3);
        SequenceLoad[] running = [new(0, 38), new(1, 36), new(2, 0)];
        int[] shares = [38, 36, 1];
        alignment.Align(running, shares, Capacity);

        long before = GC.GetAllocatedBytesForCurrentThread();
        alignment.Align(running, shares, Capacity);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int[] Align(SequenceLoad[] running, int[] shares, int? burstCapacity = Capacity)
    {
        new PromptAlignment(shares.Length).Align(running, shares, burstCapacity);
        return shares;
    }
}
