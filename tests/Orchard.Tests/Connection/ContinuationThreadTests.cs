using Orchard.Connection.Transport;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class ContinuationThreadTests
{
    [Fact]
    public async Task Run_Free_GoesOnAsideFromCallerAndPool()
    {
        using var thread = new ContinuationThread();
        var item = new Item();

        thread.Run(item);
        Thread ran = await item.Ran.OrBroken("the item to run");

        Assert.NotSame(Thread.CurrentThread, ran);
        Assert.False(ran.IsThreadPoolThread);
    }

    [Fact]
    public async Task Run_TakenBySomebodyWhoBlocks_GoesOnOnThePool()
    {
        using var thread = new ContinuationThread();
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        thread.Run(blocking);
        await blocking.Ran.OrBroken("the first item to take the thread");

        var item = new Item();
        thread.Run(item);
        Thread ran = await item.Ran.OrBroken("the second item, while the first blocks the thread");
        gate.Set();

        Assert.True(ran.IsThreadPoolThread);
    }

    [Fact]
    public async Task Run_FreeAgain_TakesTheSameThreadAsIfItWereNew()
    {
        using var thread = new ContinuationThread();
        var first = new Item(leaves: new SynchronizationContext());
        thread.Run(first);
        Thread taken = await first.Ran.OrBroken("the first item to run");

        // It is free a moment after the first item says so.
        using var limit = new CancellationTokenSource(Limits.Broken);
        Item next;
        Thread ran;
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            next = new Item();
            thread.Run(next);
            ran = await next.Ran.OrBroken("a later item to run");
        }
        while (ran.IsThreadPoolThread);

        Assert.Same(taken, ran);
        Assert.Null(next.Found);
    }

    [Fact]
    public async Task Dispose_Free_EndsTheThreadAndLaterItemsRunOnThePool()
    {
        var thread = new ContinuationThread();
        var first = new Item();
        thread.Run(first);
        Thread taken = await first.Ran.OrBroken("the first item to run");

        thread.Dispose();
        thread.Dispose();
        bool ended = taken.Join(Limits.Broken);
        var item = new Item();
        thread.Run(item);

        Assert.True(ended);
        Assert.True((await item.Ran.OrBroken("an item after the end")).IsThreadPoolThread);
    }

    [Fact]
    public async Task Dispose_Taken_ReturnsAtOnceAndTheThreadEndsAfterItsItem()
    {
        var thread = new ContinuationThread();
        using var gate = new ManualResetEventSlim();
        var blocking = new Item(gate);
        thread.Run(blocking);
        Thread taken = await blocking.Ran.OrBroken("the item to take the thread");

        thread.Dispose();
        bool alive = taken.IsAlive;
        gate.Set();

        Assert.True(alive);
        Assert.True(taken.Join(Limits.Broken));
    }

    private sealed class Item(ManualResetEventSlim? gate = null, SynchronizationContext? leaves = null) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<Thread> _ran = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Thread> Ran => _ran.Task;

        public SynchronizationContext? Found { get; private set; }

        public void Execute()
        {
            Found = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(leaves);
            _ran.SetResult(Thread.CurrentThread);
            gate?.Wait(Limits.Broken);
        }
    }
}
