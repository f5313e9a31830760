using System.Collections.Concurrent;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Protocol.Tests.Sockets;

public sealed class LeaderFollowerTests
{
    private readonly Reader _reader = new();

    [Fact]
    public async Task TryRun_OnTheLeader_RunsOnItsThreadWhileTheOtherReads()
    {
        using var gate = new ManualResetEventSlim();
        var item = new Item(gate);
        Task<List<Visit>> loop = Start(async visit => visit.Number == 0 && await Deferred(item));

        _reader.Give(2);
        Thread ran = await item.Ran.OrBroken("the continuation to run");
        await _reader.Emptied.OrBroken("the other thread to read while the continuation blocks");
        gate.Set();
        _reader.End();
        List<Visit> visits = await loop.OrBroken("the end of the loop");

        Assert.Same(visits[0].Thread, ran);
        Assert.NotSame(ran, visits[1].Thread);
        Assert.All(visits, visit => Assert.False(visit.IsPooled));
    }

    [Fact]
    public async Task TryRun_WhileTheOtherThreadRunsOne_IsFalse()
    {
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        var accepted = new List<bool>();
        Task<List<Visit>> loop = Start(async visit =>
        {
            accepted.Add(visit.Number == 0 ? await Deferred(blocking) : LeaderFollower.TryRun(new Item()));
            return true;
        });

        _reader.Give(2);
        await blocking.Ran.OrBroken("the first continuation to run");
        await _reader.Emptied.OrBroken("the second read");
        gate.Set();
        _reader.End();
        await loop.OrBroken("the end of the loop");

        Assert.Equal([true, false], accepted);
    }

    [Fact]
    public async Task TryRun_SeveralBeforeTheNextRead_RunAll()
    {
        Item[] items = [new(), new(), new()];
        Task<List<Visit>> loop = Start(async _ => await Deferred(items[0]) && await Deferred(items[1]) && await Deferred(items[2]));

        _reader.Give(1);
        foreach (Item item in items)
        {
            await item.Ran.OrBroken("a continuation to run");
        }

        _reader.End();

        Assert.Single(await loop.OrBroken("the end of the loop"));
    }

    [Fact]
    public async Task TryRun_BehindOneThatBlocks_RunsOnThePool()
    {
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        var behind = new Item();
        bool isPooled = false;
        Task<List<Visit>> loop = Start(async _ => await Deferred(blocking) && await Deferred(behind));
        behind.OnRun = () => isPooled = Thread.CurrentThread.IsThreadPoolThread;

        _reader.Give(1);
        await behind.Ran.OrBroken("the continuation behind the one that blocks");
        gate.Set();
        _reader.End();
        await loop.OrBroken("the end of the loop");

        Assert.True(isPooled);
    }

    [Fact]
    public async Task TryRun_OnOtherThreadsAndInAContinuation_IsFalse()
    {
        bool inside = true;
        var item = new Item(action: () => inside = LeaderFollower.TryRun(new Item()));
        Task<List<Visit>> loop = Start(async _ => await Deferred(item));

        _reader.Give(1);
        await item.Ran.OrBroken("the continuation to run");
        _reader.End();
        await loop.OrBroken("the end of the loop");

        Assert.False(inside);
        Assert.False(LeaderFollower.TryRun(item));
    }

    [Fact]
    public async Task TryRun_AgainAndAgain_LeavesNoSynchronizationContextBehind()
    {
        var found = new ConcurrentQueue<SynchronizationContext?>();
        Task<List<Visit>> loop = Start(_ => Deferred(new Item(action: () =>
        {
            found.Enqueue(SynchronizationContext.Current);
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        })));

        for (int i = 0; i < 6; i++)
        {
            _reader.Give(1);
            await _reader.Emptied.OrBroken("the next read");
        }

        _reader.End();
        await loop.OrBroken("the end of the loop");

        Assert.Equal(6, found.Count);
        Assert.All(found, Assert.Null);
    }

    [Fact]
    public async Task TryRun_ChangesItsThread_TheNextOneFindsItAsItWas()
    {
        (ThreadPriority Priority, bool IsBackground)? found = null;
        var changing = new Item(action: () => (Thread.CurrentThread.Priority, Thread.CurrentThread.IsBackground) = (ThreadPriority.Lowest, false));
        var next = new Item(action: () => found = (Thread.CurrentThread.Priority, Thread.CurrentThread.IsBackground));
        Task<List<Visit>> loop = Start(visit => Deferred(visit.Number == 0 ? changing : next));

        _reader.Give(2);
        await next.Ran.OrBroken("the next continuation to run");
        _reader.End();
        await loop.OrBroken("the end of the loop");

        Assert.Equal((ThreadPriority.Normal, true), found);
    }

    [Fact]
    public async Task Interrupt_OfTheFollower_DoesNotEndIt()
    {
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        var last = new Item();
        Task<List<Visit>> loop = Start(visit => visit.Number is 0 or 2 ? Deferred(visit.Number == 0 ? blocking : last) : Task.FromResult(true));
        _reader.Give(2);
        await _reader.Emptied.OrBroken("the other thread to read while the continuation blocks");
        gate.Set();
        (await blocking.Ran).Interrupt(); // it waits for the gate or for its turn
        _reader.Give(1);
        await last.Ran.OrBroken("a continuation after the interrupt");
        _reader.End();

        Assert.Equal(3, (await loop.OrBroken("the end of the loop")).Count);
    }

    [Fact]
    public async Task TryRun_AfterABlockedOneHasReturned_IsTrueAgain()
    {
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        var last = new Item();
        Task<List<Visit>> loop = Start(visit => visit.Number is 0 or 2 ? Deferred(visit.Number == 0 ? blocking : last) : Task.FromResult(true));
        _reader.Give(2);
        await _reader.Emptied.OrBroken("the other thread to read while the continuation blocks");
        gate.Set();
        _reader.Give(1);
        await last.Ran.OrBroken("a continuation once there is a follower again");
        _reader.End();
        List<Visit> visits = await loop.OrBroken("the end of the loop");

        Assert.Same(visits[1].Thread, visits[2].Thread);
    }

    [Fact]
    public async Task Read_FailsAfterTheLoopWasSuspended_ThrowsInTheLoop()
    {
        var item = new Item();
        Task<List<Visit>> loop = Start(async _ => await Deferred(item));
        _reader.Give(1);
        await item.Ran.OrBroken("the continuation to run");

        var error = new IOException("The peer is gone.");
        _reader.Fail(error);

        Assert.Same(error, await Assert.ThrowsAsync<IOException>(() => loop.OrBroken("the end of the loop")));
    }

    [Fact]
    public async Task Loop_Ends_EndsBothThreads()
    {
        var item = new Item();
        Task<List<Visit>> loop = Start(async _ => await Deferred(item));
        _reader.Give(2);
        await item.Ran.OrBroken("the continuation to run");
        await _reader.Emptied.OrBroken("the second read");
        _reader.End();
        List<Visit> visits = await loop.OrBroken("the end of the loop");

        Assert.All(visits, visit => Assert.True(visit.Thread.Join(Limits.Broken)));
    }

    // The other thread may not be ready to take over yet.
    private static Task<bool> Deferred(Item item)
    {
        Assert.True(SpinWait.SpinUntil(() => LeaderFollower.TryRun(item), Limits.Broken), "There is no follower.");
        return Task.FromResult(true);
    }

    private Task<List<Visit>> Start(Func<Visit, Task<bool>> onRead) => LeaderFollower.RunAsync("test", async () =>
    {
        var visits = new List<Visit>();
        byte[] buffer = new byte[1];
        while (await LeaderFollower.Current!.ReadAsync(_reader, buffer, CancellationToken.None) > 0)
        {
            var visit = new Visit(visits.Count, Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread);
            visits.Add(visit);
            _ = await onRead(visit);
        }

        return visits;
    });

    private sealed record Visit(int Number, Thread Thread, bool IsPooled);

    private sealed class Reader : IBlockingReader
    {
        private readonly BlockingCollection<Func<int>> _reads = [];
        private TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _given;

        /// <summary>Completes when a thread waits for more than was given.</summary>
        public Task Emptied => Volatile.Read(ref _emptied).Task;

        public void Give(int count)
        {
            Volatile.Write(ref _emptied, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Interlocked.Add(ref _given, count);
            for (int i = 0; i < count; i++)
            {
                _reads.Add(static () => 1);
            }
        }

        public void End() => _reads.Add(static () => 0);

        public void Fail(Exception error) => _reads.Add(() => throw error);

        public int WaitAndRead(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref _given) == 0)
            {
                Volatile.Read(ref _emptied).TrySetResult();
            }

            Func<int> read = _reads.Take(cancellationToken);
            Interlocked.Decrement(ref _given);
            return read();
        }
    }

    private sealed class Item(ManualResetEventSlim? gate = null, Action? action = null) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<Thread> _ran = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Thread> Ran => _ran.Task;

        public Action? OnRun { get; set; } = action;

        public void Execute()
        {
            OnRun?.Invoke();
            _ran.TrySetResult(Thread.CurrentThread);
            try
            {
                gate?.Wait(Limits.Broken);
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }
}
