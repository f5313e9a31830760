using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class CheckpointPlanTests
{
    private const int Mark = 9;

    [Fact]
    public void Plan_Conversation_InterruptsBetweenMessagesAndBeforeTheAnswer()
    {
        int[] prompt = [Mark, .. Text(200), Mark, .. Text(20), Mark, .. Text(180), Mark, .. Text(4)];

        Assert.Equal([201, 403], Positions(prompt));
    }

    [Fact]
    public void Plan_AnswerWithSeveralMarks_InterruptsBeforeTheFirst() =>
        Assert.Equal([100], Positions([.. Text(100), Mark, 1, Mark, 1, Mark, 1, Mark]));

    [Fact]
    public void Plan_NoMarks_InterruptsALittleBeforeTheEnd() => Assert.Equal([84], Positions(Text(100)));

    [Fact]
    public void Plan_FewNewTokens_DoesNotInterrupt()
    {
        Assert.Empty(Positions([.. Text(20), Mark, 1]));
        Assert.Empty(Positions([.. Text(100), Mark, .. Text(20), Mark, 1], computed: 101));
    }

    [Fact]
    public void Plan_LongText_InterruptsItNowAndThen() => Assert.Equal([2048, 4096, 5984], Positions(Text(6_000)));

    [Fact]
    public void Plan_ManyMessages_InterruptsAFewTimes()
    {
        int[] prompt = [.. Enumerable.Range(0, 300).SelectMany(static _ => (int[])[Mark, .. Text(199)])];

        int[] positions = Positions(prompt);

        Assert.InRange(positions.Length, 10, 17);
        Assert.All(positions[..^1], position => Assert.Equal(Mark, prompt[position]));
    }

    [Fact]
    public void Plan_PartIsComputed_InterruptsTheRestOnly()
    {
        int[] prompt = [.. Text(500), Mark, .. Text(300), Mark, .. Text(300), Mark, 1, 1];

        Assert.Equal([801, 1102], Positions(prompt, computed: 600));
    }

    [Fact]
    public void Remove_OfAnyPosition_IsOnlyTrueForAPlannedOne()
    {
        var plan = new CheckpointPlan();
        plan.Add(5);

        Assert.Equal(5, plan.NextAfter(4, end: 10));
        Assert.False(plan.Remove(4));
        Assert.True(plan.Remove(5));
        Assert.False(plan.Remove(5));
        Assert.Equal(10, plan.NextAfter(4, end: 10));
    }

    private static int[] Positions(int[] prompt, int computed = 0)
    {
        var plan = new CheckpointPlan();
        plan.Plan(prompt, computed, static token => token == Mark);
        var positions = new List<int>();
        for (int next = plan.NextAfter(computed, prompt.Length); next < prompt.Length; next = plan.NextAfter(next, prompt.Length))
        {
            positions.Add(next);
        }

        return [.. positions];
    }

    private static int[] Text(int count) => [.. Enumerable.Repeat(1, count)];
}
