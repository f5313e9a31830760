using Orchard.Engine.Serving.Clients;

namespace Orchard.Engine.Tests.Serving;

public sealed class PresenceRuleTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void ShouldStop_NobodyEverCame_WaitsForTheFirstClientLimit()
    {
        var rule = new PresenceRule(TimeSpan.FromSeconds(2), Start);

        Assert.False(rule.ShouldStop(false, Start + TimeSpan.FromSeconds(29.9)));
        Assert.True(rule.ShouldStop(false, Start + TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void ShouldStop_NobodyEverCameAndGraceIsLonger_WaitsForTheGrace()
    {
        var rule = new PresenceRule(TimeSpan.FromSeconds(60), Start);

        Assert.False(rule.ShouldStop(false, Start + TimeSpan.FromSeconds(59)));
        Assert.True(rule.ShouldStop(false, Start + TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void ShouldStop_LastClientLeft_WaitsForTheGraceFromThen()
    {
        var rule = new PresenceRule(TimeSpan.FromSeconds(2), Start);
        TimeSpan lastSeen = Start + TimeSpan.FromMinutes(5);

        Assert.False(rule.ShouldStop(true, lastSeen));
        Assert.False(rule.ShouldStop(false, lastSeen + TimeSpan.FromSeconds(1.9)));
        Assert.True(rule.ShouldStop(false, lastSeen + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void ShouldStop_ClientComesBackInTime_StartsTheGraceAgain()
    {
        var rule = new PresenceRule(TimeSpan.FromSeconds(2), Start);
        rule.ShouldStop(true, Start);
        rule.ShouldStop(true, Start + TimeSpan.FromSeconds(1.5));

        Assert.False(rule.ShouldStop(false, Start + TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void ShouldStop_NoGrace_LeavesWithTheLastClient()
    {
        var rule = new PresenceRule(TimeSpan.Zero, Start);
        rule.ShouldStop(true, Start);

        Assert.True(rule.ShouldStop(false, Start));
    }
}
