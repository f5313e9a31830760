using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;

namespace Orchard.Engine.Tests.Prefixes;

/// <summary>Several stores of one model in one folder, such as those of two engines: none takes from the others what they have written.</summary>
public sealed class PrefixStoreTests
{
    private const int Bytes = 30_000;
    private const int MaxEngines = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Load_FileThatAnotherStoreHasReplaced_HasTheStateOfNow()
    {
        using var harness = new PrefixHarness();
        Save(Open(harness), first: 1, engine: 0);
        PrefixStore reader = Open(harness);
        Save(Open(harness), first: 1, engine: 1);

        Assert.Equal(1, EngineOf(Load(reader, first: 1), first: 1));
        Assert.Single(harness.Files);
        Assert.Empty(harness.Log.Texts);
    }

    [Fact]
    public void Load_FileThatAnotherStoreHasRemoved_IsForgottenAndWrittenAgain()
    {
        using var harness = new PrefixHarness();
        Save(Open(harness), first: 1, engine: 0);
        PrefixStore reader = Open(harness);
        File.Delete(Assert.Single(harness.Files));

        Assert.Null(Load(reader, first: 1));
        Assert.Equal(300, reader.CountNew(PrefixHarness.Tokens(300, first: 1), null));
        Save(reader, first: 1, engine: 1);
        Assert.Equal(1, EngineOf(Load(Open(harness), first: 1), first: 1));
        Assert.Empty(harness.Log.Texts);
    }

    [Fact]
    public void Load_FileThatIsDamagedMeanwhile_IsRemovedAndLoggedOnce()
    {
        using var harness = new PrefixHarness();
        Save(Open(harness), first: 1, engine: 0);
        PrefixStore reader = Open(harness);
        string file = Assert.Single(harness.Files);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^10]);

        Assert.Null(Load(reader, first: 1));
        Assert.Null(reader.Find([.. PrefixHarness.Tokens(300, first: 1), 7], null, out _));
        Assert.Empty(harness.Files);
        Assert.Contains(file, Assert.Single(harness.Log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoresThatWriteReadAndEvictAtOnce_ReadWholeStatesOrNone_WithinTheirBound()
    {
        using var harness = new PrefixHarness();
        var limits = new PrefixLimits { Bytes = 10 * Bytes, FreeBytes = 0 };

        await Task.WhenAll(Enumerable.Range(0, MaxEngines).Select(engine => Task.Run(() =>
        {
            PrefixStore store = Open(harness, limits);
            for (int i = 0; i < 60; i++)
            {
                Save(store, first: 1_000 * (1 + (((7 * i) + engine) % 12)), engine);
                for (int first = 1_000; first <= 12_000; first += 1_000 * (1 + engine))
                {
                    if (Load(store, first) is { } state)
                    {
                        Assert.InRange(EngineOf(state, first), 0, MaxEngines - 1);
                    }
                }

                store = i % 20 == 19 ? Open(harness, limits) : store; // as another engine does at its start
            }
        })));

        Assert.All(harness.Files, static file => Assert.EndsWith(".prefix", file, StringComparison.Ordinal));
        Assert.InRange(harness.Files.Sum(static file => new FileInfo(file).Length), 5 * Bytes, limits.Bytes + (MaxEngines * 2 * Bytes));
        Save(Open(harness, limits), first: 50_000, engine: 0);
        Assert.InRange(harness.Files.Sum(static file => new FileInfo(file).Length), 5 * Bytes, limits.Bytes);
        Assert.Empty(harness.Log.Texts);
    }

    private static PrefixStore Open(PrefixHarness harness, PrefixLimits? limits = null) =>
        PrefixStore.Open(harness.Open(limits), harness.Key, isWhole: false);

    private static void Save(PrefixStore store, int first, int engine)
    {
        store.Save(PrefixHarness.Tokens(300, first), null, State(first, engine));
        Assert.True(store.WaitForWrite(Limit), "The file was not written in time.");
    }

    // The state that an engine has computed, as a copy; null if it is in no file any more.
    private static byte[]? Load(PrefixStore store, int first)
    {
        if (store.Find([.. PrefixHarness.Tokens(300, first), 7], null, out _) is not { } found)
        {
            return null;
        }

        PrefixLoad load = store.Load(found);
        Assert.True(SpinWait.SpinUntil(() => load.IsDone, Limit), "The file was not read in time.");
        byte[]? state = load.State?.Slice(0, Bytes).ToArray();
        store.Release(load);
        return state;
    }

    // States of the same tokens differ in their last bits between engines.
    private static NativeBuffer State(int first, int engine)
    {
        NativeBuffer state = PrefixHarness.State(Bytes, (byte)(first / 1_000));
        state.Slice(Bytes - 1, 1)[0] = (byte)engine;
        return state;
    }

    private static int EngineOf(byte[]? state, int first)
    {
        Assert.NotNull(state);
        using NativeBuffer expected = State(first, state[^1]);
        Assert.True(expected.Slice(0, Bytes).SequenceEqual(state), "The state is not that of its tokens.");
        return state[^1];
    }
}
