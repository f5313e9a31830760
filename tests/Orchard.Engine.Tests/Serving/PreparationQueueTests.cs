using Orchard.Engine.Serving.Requests;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

public sealed class PreparationQueueTests
{
    [Fact]
    public async Task Add_OneClientWithMuchWork_TheOthersHaveTheirTurn()
    {
        var queue = new PreparationQueue(slots: 2, slotsPerClient: 1);
        var gate = new TaskCompletionSource();
        for (int i = 0; i < PreparationQueue.MaxWaiting; i++)
        {
            await queue.AddAsync(1, () => gate.Task, CancellationToken.None);
        }

        for (ulong client = 2; client < 10; client++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await queue.AddAsync(
                client,
                () =>
                {
                    done.SetResult();
                    return Task.CompletedTask;
                },
                CancellationToken.None);
            await done.Task.OrBroken($"the work of client {client}");
        }

        gate.SetResult();
        await queue.IdleAsync().OrBroken("the rest of the work");
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Add_MoreOfOneClientThanMayWait_WaitsUntilOneHasStarted()
    {
        var queue = new PreparationQueue(slots: 1, slotsPerClient: 1);
        var gate = new SemaphoreSlim(0);
        for (int i = 0; i < PreparationQueue.MaxWaiting + 1; i++)
        {
            await queue.AddAsync(1, () => gate.WaitAsync(), CancellationToken.None).AsTask().OrBroken("a place in the queue");
        }

        Task another = queue.AddAsync(1, () => gate.WaitAsync(), CancellationToken.None).AsTask();
        Assert.False(another.IsCompleted);
        gate.Release();
        await another.OrBroken("a place in the queue");

        gate.Release(PreparationQueue.MaxWaiting + 1);
        await queue.IdleAsync().OrBroken("the rest of the work");
    }

    [Fact]
    public async Task Add_CancelledWhileThereIsNoPlace_IsNotRun()
    {
        var queue = new PreparationQueue(slots: 1, slotsPerClient: 1);
        var gate = new TaskCompletionSource();
        for (int i = 0; i < PreparationQueue.MaxWaiting + 1; i++)
        {
            await queue.AddAsync(1, () => gate.Task, CancellationToken.None).AsTask().OrBroken("a place in the queue");
        }

        using var cancel = new CancellationTokenSource();
        bool ran = false;
        Task another = queue.AddAsync(
            1,
            () =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => another.OrBroken("the end of the wait"));
        gate.SetResult();
        await queue.IdleAsync().OrBroken("the rest of the work");
        Assert.False(ran);
    }

    [Fact]
    public async Task Work_Throws_TheNextRuns()
    {
        var queue = new PreparationQueue(slots: 1, slotsPerClient: 1);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.AddAsync(1, () => Task.FromException(new IOException()), CancellationToken.None);
        await queue.AddAsync(
            1,
            () =>
            {
                done.SetResult();
                return Task.CompletedTask;
            },
            CancellationToken.None);

        await done.Task.OrBroken("the next work");
        await queue.IdleAsync().OrBroken("the end of the work");
    }
}
