using Orchard.Connection;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class LoadWatchesTests
{
    private readonly EngineEvents _events = new(TimeProvider.System);

    [Fact]
    public async Task Event_BeforeAnybodyAwaits_IsNotMissed()
    {
        using LoadWatches.Watch watch = _events.Loads.Begin("m");
        var model = new LoadedModel();
        _events.OnEvent(new ModelLoadedEvent("m", model));

        Assert.Same(model, (await watch.Task.OrBroken("the outcome")).Model);
    }

    [Fact]
    public void Event_OfAnotherModel_IsNotTaken()
    {
        using LoadWatches.Watch watch = _events.Loads.Begin("m");

        _events.OnEvent(new ModelLoadedEvent("M", new LoadedModel()));

        Assert.False(watch.Task.IsCompleted);
    }

    [Fact]
    public async Task Event_Failed_GivesTheEnginesReason()
    {
        using LoadWatches.Watch watch = _events.Loads.Begin("m");

        _events.OnEvent(new ModelLoadFailedEvent("m", "no room"));

        Assert.Equal("no room", (await watch.Task.OrBroken("the outcome")).Error);
    }

    [Fact]
    public async Task Close_WatchesNowAndLater_FailWithTheError()
    {
        using LoadWatches.Watch before = _events.Loads.Begin("a");
        var cause = new InvalidOperationException("gone");

        _events.Loads.Close(cause);

        using LoadWatches.Watch after = _events.Loads.Begin("b");
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => before.Task.OrBroken("the earlier watch")));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => after.Task.OrBroken("the later watch")));
    }

    [Fact]
    public void Begin_AfterTheWatchBefore_Listens()
    {
        _events.Loads.Begin("m").Dispose();
        using LoadWatches.Watch second = _events.Loads.Begin("m");

        _events.OnEvent(new ModelLoadedEvent("m", new LoadedModel()));

        Assert.True(second.Task.IsCompletedSuccessfully);
    }
}
