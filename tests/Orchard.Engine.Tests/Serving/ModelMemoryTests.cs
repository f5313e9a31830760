using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Several models and the memory that they share.</summary>
public sealed class ModelMemoryTests : IAsyncDisposable
{
    private const ulong Assigned = 1ul << 63;

    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private readonly ServingHarness _engine = new(new FakeModelLoader { NeedsOf = static _ => new ModelNeeds(40, 40, 40, "Set ContextLength."), AvailableBytes = 100 });

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Load_NoRoom_TheLeastRecentlyUsedIdleModelLeaves()
    {
        await LoadAndUseAsync("a");
        await LoadAndUseAsync("b");
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        Use("a");

        await LoadAndUseAsync("c");

        Assert.Equal(["a", "c"], Loaded);
    }

    [Fact]
    public async Task Load_NoRoomAndAModelInUse_TheOtherOneLeaves()
    {
        await LoadAndUseAsync("a");
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        await LoadAndUseAsync("b");
        using ModelUse? use = _engine.Models.Find("a")!.TryUse();

        await LoadAndUseAsync("c");

        Assert.Equal(["a", "c"], Loaded);
    }

    [Fact]
    public async Task Load_ModelLoadedAndNotUsedYet_StaysUntilItsClientHadTime()
    {
        Assert.True((await ExecuteAsync("a")).IsOk);
        await LoadAndUseAsync("b");

        await LoadAndUseAsync("c");

        Assert.Equal(["a", "c"], Loaded);
    }

    [Fact]
    public async Task Load_AllInUse_WaitsForTheirRequestsAndGivesThemNoNewOnes()
    {
        await LoadAndUseAsync("a");
        await LoadAndUseAsync("b");
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        ModelUse first = _engine.Models.Find("a")!.TryUse()!;
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        using ModelUse? second = _engine.Models.Find("b")!.TryUse();

        Task<ManagementReply> load = ExecuteAsync("c");
        await AdvanceUntilAsync(() => _engine.Models.Find("a")!.Model is null);
        Assert.False(load.IsCompleted);
        first.Dispose();
        await AdvanceUntilAsync(() => load.IsCompleted);

        Assert.True((await load).IsOk);
        Assert.Equal(["b", "c"], Loaded);
    }

    [Fact]
    public async Task Load_MoreThanThereIs_IsRefusedWithTheNumbersAndTheOption()
    {
        _engine.Loader.AvailableBytes = 100L << 20;
        _engine.Loader.NeedsOf = static _ => new ModelNeeds(120L << 20, 120L << 20, 120L << 20, "Set ContextLength to a smaller number.");

        ManagementReply reply = await ExecuteAsync("a");

        Assert.Equal(ErrorCode.InsufficientMemory, reply.ErrorCode);
        Assert.Contains("needs 120 MiB", reply.Message, StringComparison.Ordinal);
        Assert.Contains("at most 100 MiB are free", reply.Message, StringComparison.Ordinal);
        Assert.Contains("Set ContextLength", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_KeptModelsTakeTheMemory_IsRefusedAndNamesThem()
    {
        var kept = new LoadExtensions { KeepAliveSeconds = -1 };
        await ExecuteAsync("a", kept);
        await ExecuteAsync("b", kept);
        Use("a");
        Use("b");

        ManagementReply reply = await ExecuteAsync("c");

        Assert.Equal(ErrorCode.InsufficientMemory, reply.ErrorCode);
        Assert.Contains("a, b", reply.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Loaded);
    }

    [Fact]
    public async Task Load_FailedLoad_GivesItsMemoryBack()
    {
        _engine.Loader.LoadFailure = new InvalidOperationException("no");
        for (int i = 0; i < 5; i++)
        {
            Assert.False((await ExecuteAsync("a")).IsOk);
        }

        _engine.Loader.LoadFailure = null;
        await LoadAndUseAsync("b");
        await LoadAndUseAsync("c");

        Assert.Equal(["b", "c"], Loaded);
    }

    [Fact]
    public async Task FiveModels_UsedInTurnsBySixteenCallers_AllAreServedWithinTheMemory()
    {
        using var ended = new CancellationTokenSource();
        Task time = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                _engine.Time.Advance(TimeSpan.FromMilliseconds(5));
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (int turn = 0; turn < 20; turn++)
            {
                await ServeAsync(Names[(caller + turn) % Names.Length], Assigned | (uint)(caller + 1));
                Assert.InRange(Loaded.Length, 0, 2);
            }
        }))).OrBroken("all calls");

        await ended.CancelAsync();
        await time;
        Assert.True(_engine.Loader.Loads > 5);
    }

    private string[] Loaded => [.. Names.Where(name => _engine.Models.Find(name)?.Model is not null)];

    // What a client does: it uses the model if it is loaded, and otherwise loads it and then uses it.
    private async Task ServeAsync(string name, ulong channel)
    {
        if (_engine.Models.Find(name)?.TryUse(channel) is { } ready)
        {
            ready.Dispose();
            return;
        }

        ManagementReply reply = await ExecuteAsync(name, channel: channel);
        Assert.True(reply.IsOk, reply.Message);
        ModelUse? use = _engine.Models.Find(name)!.TryUse(channel);
        Assert.NotNull(use);
        await Task.Yield();
        use.Dispose();
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            _engine.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private void Use(string name) => _engine.Models.Find(name)!.TryUse(Assigned | 1)!.Dispose();

    private async Task LoadAndUseAsync(string name)
    {
        ManagementReply reply = await ExecuteAsync(name);
        Assert.True(reply.IsOk, reply.Message);
        Use(name);
    }

    private Task<ManagementReply> ExecuteAsync(string name, LoadExtensions? options = null, ulong channel = Assigned | 1) =>
        _engine.ExecuteAsync(_engine.LoadCommand(wait: true, name) with { ResponseChannelId = channel, Extensions = options });
}
