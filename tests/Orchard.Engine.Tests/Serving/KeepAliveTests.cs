using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Tests.Serving;

/// <summary>How long models stay loaded.</summary>
public sealed class KeepAliveTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ServingHarness _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Model_NotUsedForFiveMinutes_Leaves()
    {
        await _engine.LoadAsync();
        await UseAsync();
        _engine.Time.Advance(4 * Minute);
        await UseAsync();

        _engine.Time.Advance((5 * Minute) - TimeSpan.FromMilliseconds(1));
        _engine.Models.UnloadUnwanted();
        Assert.True(IsLoaded);
        Assert.True(_engine.Models.HasKept);

        _engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        _engine.Models.UnloadUnwanted();
        Assert.False(IsLoaded);
        Assert.False(_engine.Models.HasKept);
    }

    [Fact]
    public async Task Model_KeepAliveZero_LeavesWithItsLastUse()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 0 });
        Assert.True(IsLoaded);

        await UseAsync();

        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task Model_KeepAliveZeroAndNeverUsed_LeavesAfterTheTimeForTheFirstUse()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 0 });
        _engine.Time.Advance(ModelRetention.FirstUseLimit - TimeSpan.FromMilliseconds(1));
        _engine.Models.UnloadUnwanted();
        Assert.True(IsLoaded);

        _engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        _engine.Models.UnloadUnwanted();

        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task Model_KeepAliveForAlways_Stays()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = -1 });
        await UseAsync();

        _engine.Time.Advance(TimeSpan.FromDays(100));
        _engine.Models.UnloadUnwanted();

        Assert.True(IsLoaded);
        Assert.True(_engine.Models.HasKept);
    }

    [Fact]
    public async Task Model_KeepAliveOfOneRequest_CountsForThisUseOnly()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 0 });
        await UseAsync(TimeSpan.FromHours(1));
        _engine.Time.Advance(50 * Minute);
        _engine.Models.UnloadUnwanted();
        Assert.True(IsLoaded);

        await UseAsync(TimeSpan.Zero);

        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task Model_TwoClients_StaysForTheOneThatWantsItLonger()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 600 }, channel: Assigned(1));
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 0 }, channel: Assigned(2));
        Use(Assigned(1));
        Use(Assigned(2));

        _engine.Time.Advance(9 * Minute);
        _engine.Models.UnloadUnwanted();
        Assert.True(IsLoaded);

        _engine.Time.Advance(Minute);
        _engine.Models.UnloadUnwanted();
        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task Model_KeptWhileConnected_LeavesAfterTheClientIsGone()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 0, KeepsWhileConnected = true }, channel: Assigned(1));
        Use(Assigned(1));
        _engine.Time.Advance(TimeSpan.FromDays(1));
        _engine.Models.UnloadUnwanted();
        Assert.True(IsLoaded);
        Assert.False(_engine.Models.HasKept);

        _engine.Models.Disconnected(Assigned(1));
        _engine.Models.UnloadUnwanted();

        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task Model_ClientGone_StaysForItsTimeWarmForTheNextOne()
    {
        await LoadAsync(null, channel: Assigned(1));
        Use(Assigned(1));
        _engine.Models.Disconnected(Assigned(1));

        _engine.Time.Advance(4 * Minute);
        _engine.Models.UnloadUnwanted();

        Assert.True(IsLoaded);
        Assert.True(_engine.Models.HasKept);
    }

    [Fact]
    public async Task Model_InUseForLong_DoesNotLeave()
    {
        await LoadAsync(new LoadExtensions { KeepAliveSeconds = 1 });
        using (_engine.Models.Find(ServingHarness.ModelId)!.TryUse())
        {
            _engine.Time.Advance(TimeSpan.FromHours(1));
            _engine.Models.UnloadUnwanted();
            Assert.True(IsLoaded);
        }
    }

    private bool IsLoaded => _engine.Models.Find(ServingHarness.ModelId)!.Model is not null;

    private static ulong Assigned(int number) => (1ul << 63) | (uint)number;

    private async Task LoadAsync(LoadExtensions? options, ulong channel = ServingHarness.Channel) =>
        Assert.Equal(
            ManagementReply.OkStatus,
            (await _engine.ExecuteAsync(_engine.LoadCommand(wait: true) with { Extensions = options, ResponseChannelId = channel })).Status);

    private void Use(ulong channel) => _engine.Models.Find(ServingHarness.ModelId)!.TryUse(channel)!.Dispose();

    private async Task UseAsync(TimeSpan? keepAlive = null)
    {
        await _engine.SendAsync(_engine.Request() with { KeepAlive = keepAlive });
        await _engine.Recorder.ReadFinalsAsync(1);
        while (_engine.Models.Find(ServingHarness.ModelId)!.Model is { IsInUse: true })
        {
            await Task.Delay(5, TestContext.Current.CancellationToken); // the use ends right before the last delta
        }
    }
}
