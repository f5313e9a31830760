using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class CheckpointStoreTests
{
    [Fact]
    public void FindFor_Prompt_AreTheBeginningsOfItLongestFirst()
    {
        using var store = new CheckpointStore(1_000_000);
        Add(store, [1, 2]);
        Add(store, [1, 2, 3, 4]);
        Add(store, [1, 2, 9]);
        Add(store, [1, 2, 3], variant: "adapter");

        Assert.Equal([4, 2], store.FindFor([1, 2, 3, 4, 5], null).Select(static found => found.Tokens.Length));
        Assert.Equal([3], store.FindFor([1, 2, 3, 4, 5], "adapter").Select(static found => found.Tokens.Length));
    }

    [Fact]
    public void FindFor_WholePrompt_LeavesATokenToCompute()
    {
        using var store = new CheckpointStore(1_000_000);
        Add(store, [1, 2, 3]);

        Assert.Empty(store.FindFor([1, 2, 3], null));
    }

    [Fact]
    public void Add_BeyondTheCapacity_DropsTheLeastRecentlyUsed()
    {
        using var store = new CheckpointStore(2_500);
        Snapshot first = Add(store, [1, 2]);
        Snapshot second = Add(store, [1, 2, 3]);
        store.Use(store.Find([1, 2], null)!);

        Snapshot third = Add(store, [1, 2, 3, 4]);

        Assert.Equal([false, true, false], ((Snapshot[])[first, second, third]).Select(static snapshot => snapshot.IsDisposed));
        Assert.Equal(2_000 + (6 * sizeof(int)), store.Bytes);
    }

    [Fact]
    public void Add_MoreThanTheCapacity_IsNotKept()
    {
        using var store = new CheckpointStore(900);

        Snapshot snapshot = Add(store, [1, 2]);

        Assert.True(snapshot.IsDisposed);
        Assert.Empty(store.FindFor([1, 2, 3], null));
        Assert.Equal(0, store.Bytes);
    }

    [Fact]
    public void Dispose_WithCheckpoints_DisposesThem()
    {
        var store = new CheckpointStore(10_000);
        Snapshot[] all = [Add(store, [1]), Add(store, [2])];

        store.Dispose();

        Assert.All(all, static snapshot => Assert.True(snapshot.IsDisposed));
        Assert.Equal(0, store.Bytes);
    }

    private static Snapshot Add(CheckpointStore store, int[] tokens, object? variant = null)
    {
        var snapshot = new Snapshot();
        store.Add(tokens, variant, snapshot);
        return snapshot;
    }

    private sealed class Snapshot : SequenceSnapshot
    {
        public bool IsDisposed { get; private set; }

        public override long Bytes => 1_000;

        public override void Dispose() => IsDisposed = true;
    }
}
