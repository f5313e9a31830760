using Orchard.Models;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Tests.Models;

public sealed class LoadOutcomesTests
{
    private readonly LoadOutcomes _loads = new(TimeProvider.System);

    [Fact]
    public async Task Event_BeforeAnybodyAwaits_IsNotMissed()
    {
        using LoadOutcomes.Watch watch = _loads.Begin("m");
        var model = new LoadedModel();
        _loads.OnEvent(new ModelLoadedEvent("m", model));

        Assert.Same(model, (await watch.Task.OrBroken("the outcome")).Model);
    }

    [Fact]
    public void Event_OfAnotherModel_IsNotTaken()
    {
        using LoadOutcomes.Watch watch = _loads.Begin("m");

        _loads.OnEvent(new ModelLoadedEvent("M", new LoadedModel()));

        Assert.False(watch.Task.IsCompleted);
    }

    [Fact]
    public async Task Event_Failed_GivesTheEnginesReason()
    {
        using LoadOutcomes.Watch watch = _loads.Begin("m");

        _loads.OnEvent(new ModelLoadFailedEvent("m", "no room"));

        Assert.Equal("no room", (await watch.Task.OrBroken("the outcome")).Error);
    }

    [Fact]
    public async Task Close_WatchesNowAndLater_FailWithTheError()
    {
        using LoadOutcomes.Watch before = _loads.Begin("a");
        var cause = new InvalidOperationException("gone");

        _loads.Close(cause);

        using LoadOutcomes.Watch after = _loads.Begin("b");
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => before.Task.OrBroken("the earlier watch")));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => after.Task.OrBroken("the later watch")));
    }

    [Fact]
    public void Begin_AfterTheWatchBefore_Listens()
    {
        _loads.Begin("m").Dispose();
        using LoadOutcomes.Watch second = _loads.Begin("m");

        _loads.OnEvent(new ModelLoadedEvent("m", new LoadedModel()));

        Assert.True(second.Task.IsCompletedSuccessfully);
    }
}
