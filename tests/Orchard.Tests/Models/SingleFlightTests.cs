using Orchard.Concurrency;
using Orchard.Connection;
using Orchard.Models;
using Orchard.TestSupport;

namespace Orchard.Tests.Models;

public sealed class SingleFlightTests
{
    private readonly Producer _producer = new();

    private SingleFlight<string> Flight => field ??= new SingleFlight<string>(_producer.RunAsync, value => !_producer.Stale.Contains(value));

    [Fact]
    public async Task Get_ManyCallers_OneAttemptServesAll()
    {
        Task<string>[] callers = [.. Enumerable.Range(0, 100).Select(_ => Flight.GetAsync(CancellationToken.None))];
        (await _producer.NextAsync()).Succeed("value");

        Assert.All(await Task.WhenAll(callers).OrBroken("all callers"), value => Assert.Equal("value", value));
        Assert.Equal(1, _producer.Attempts);
    }

    [Fact]
    public async Task Get_AfterCompletion_SeesTheValueWithoutANewAttempt()
    {
        Task<string> first = Flight.GetAsync(CancellationToken.None);
        (await _producer.NextAsync()).Succeed("value");
        await first.OrBroken("the first caller");

        Task<string> late = Flight.GetAsync(CancellationToken.None);

        Assert.True(late.IsCompletedSuccessfully);
        Assert.Equal(1, _producer.Attempts);
    }

    [Fact]
    public async Task Get_AttemptFails_EveryWaiterGetsTheCauseAndTheNextCallTriesAgain()
    {
        Task<string>[] callers = [.. Enumerable.Range(0, 10).Select(_ => Flight.GetAsync(CancellationToken.None))];
        var cause = new InvalidOperationException("broken");
        (await _producer.NextAsync()).Fail(cause);
        foreach (Task<string> caller in callers)
        {
            Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => caller.OrBroken("a waiter of the failed attempt")));
        }

        Task<string> next = Flight.GetAsync(CancellationToken.None);
        (await _producer.NextAsync()).Succeed("second");

        Assert.Equal("second", await next.OrBroken("the caller after the failure"));
        Assert.Equal(2, _producer.Attempts);
    }

    [Fact]
    public async Task Get_OneOfTwoCallersCancels_OnlyThatOneEnds()
    {
        using var cancel = new CancellationTokenSource();
        Task<string> leaving = Flight.GetAsync(cancel.Token);
        Task<string> staying = Flight.GetAsync(CancellationToken.None);
        Attempt attempt = await _producer.NextAsync();

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.OrBroken("the cancelled caller"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.False(attempt.Abandoned.IsCancellationRequested);
        attempt.Succeed("value");
        Assert.Equal("value", await staying.OrBroken("the caller that stayed"));
    }

    [Fact]
    public async Task Get_EverySecondOfManyCancels_TheOthersGetTheValue()
    {
        CancellationTokenSource[] cancels = [.. Enumerable.Range(0, 100).Select(_ => new CancellationTokenSource())];
        Task<string>[] callers = [.. cancels.Select(cancel => Flight.GetAsync(cancel.Token))];
        Attempt attempt = await _producer.NextAsync();

        for (int i = 99; i > 0; i -= 2)
        {
            await cancels[i].CancelAsync();
            Assert.True(callers[i].IsCanceled);
        }

        attempt.Succeed("value");
        for (int i = 0; i < 100; i += 2)
        {
            Assert.Equal("value", await callers[i].OrBroken("a caller that stayed"));
            await cancels[i].CancelAsync(); // too late to mean anything
            Assert.True(callers[i].IsCompletedSuccessfully);
            cancels[i].Dispose();
        }

        Assert.Equal(1, _producer.Attempts);
    }

    [Fact]
    public async Task Get_FirstCallerCancels_TheAttemptItStartedGoesOn()
    {
        using var cancel = new CancellationTokenSource();
        Task<string> starter = Flight.GetAsync(cancel.Token);
        Attempt attempt = await _producer.NextAsync();
        Task<string> joined = Flight.GetAsync(CancellationToken.None);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starter.OrBroken("the caller that started the attempt"));
        attempt.Succeed("value");

        Assert.Equal("value", await joined.OrBroken("the caller that joined"));
        Assert.Equal(1, _producer.Attempts);
    }

    [Fact]
    public async Task Get_LastCallerCancels_TheAttemptIsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Task<string>[] callers = [.. Enumerable.Range(0, 3).Select(_ => Flight.GetAsync(cancel.Token))];
        Attempt attempt = await _producer.NextAsync();

        await cancel.CancelAsync();
        foreach (Task<string> caller in callers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller.OrBroken("a cancelled caller"));
        }

        await attempt.AbandonedAsync().OrBroken("the attempt to be told that nobody waits");
    }

    [Fact]
    public async Task Get_WhileAnAbandonedAttemptWindsDown_TheNextOneBeginsAfterIt()
    {
        using var cancel = new CancellationTokenSource();
        Task<string> leaving = Flight.GetAsync(cancel.Token);
        Attempt abandoned = await _producer.NextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.OrBroken("the cancelled caller"));

        Task<string> next = Flight.GetAsync(CancellationToken.None);
        Assert.Equal(1, _producer.Attempts);
        abandoned.Fail(new OperationCanceledException());
        (await _producer.NextAsync()).Succeed("fresh");

        Assert.Equal("fresh", await next.OrBroken("the caller after the abandoned attempt"));
        Assert.Equal(1, _producer.MostAtOnce);
    }

    [Fact]
    public async Task Get_AbandonedAttemptSucceedsLate_ItsValueIsNotHandedOut()
    {
        using var cancel = new CancellationTokenSource();
        Task<string> leaving = Flight.GetAsync(cancel.Token);
        Attempt abandoned = await _producer.NextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.OrBroken("the cancelled caller"));

        Task<string> next = Flight.GetAsync(CancellationToken.None);
        abandoned.Succeed("stale");
        (await _producer.NextAsync()).Succeed("fresh");

        Assert.Equal("fresh", await next.OrBroken("the next caller"));
    }

    [Fact]
    public async Task Get_ValueNoLongerCurrent_ProducesANewOne()
    {
        Task<string> first = Flight.GetAsync(CancellationToken.None);
        (await _producer.NextAsync()).Succeed("old");
        await first.OrBroken("the first value");
        _producer.Stale.Add("old");

        Task<string> second = Flight.GetAsync(CancellationToken.None);
        (await _producer.NextAsync()).Succeed("new");

        Assert.Equal("new", await second.OrBroken("the second value"));
    }

    [Fact]
    public async Task Get_TokenAlreadyCancelled_StartsNothing()
    {
        Task<string> call = Flight.GetAsync(new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, _producer.Attempts);
    }

    [Fact]
    public async Task Get_ManyThreadsWithRandomCancels_EveryCallEndsAndAttemptsNeverOverlap()
    {
        const int Rounds = 200;
        const int Callers = 16;
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            int running = 0;
            int overlaps = 0;
            var flight = new SingleFlight<int>(
                async cancellationToken =>
                {
                    overlaps += Interlocked.Increment(ref running) > 1 ? 1 : 0;
                    try
                    {
                        await Task.Yield();
                        cancellationToken.ThrowIfCancellationRequested();
                        return 1;
                    }
                    finally
                    {
                        Interlocked.Decrement(ref running);
                    }
                },
                _ => true);

            bool[] cancels = [.. Enumerable.Range(0, Callers).Select(_ => random.Next(2) == 0)];
            Task[] calls = [.. cancels.Select(cancel => Task.Run(async () =>
            {
                using var source = new CancellationTokenSource();
                Task<int> call = flight.GetAsync(source.Token);
                if (cancel)
                {
                    await source.CancelAsync();
                }

                try
                {
                    Assert.Equal(1, await call);
                }
                catch (OperationCanceledException e) when (e.CancellationToken == source.Token)
                {
                    Assert.True(cancel);
                }
            }))];

            await Task.WhenAll(calls).OrBroken($"all callers of round {round}");
            Assert.Equal(0, overlaps);
        }
    }

    /// <summary>An attempt that ends when, and as, the test says.</summary>
    private sealed class Attempt(CancellationToken abandoned)
    {
        private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Abandoned { get; } = abandoned;

        public Task<string> End => _end.Task;

        public void Succeed(string value) => _end.SetResult(value);

        public void Fail(Exception error) => _end.SetException(error);

        public Task AbandonedAsync()
        {
            var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Abandoned.Register(fired.SetResult);
            return fired.Task;
        }
    }

    private sealed class Producer
    {
        private readonly System.Threading.Channels.Channel<Attempt> _started = System.Threading.Channels.Channel.CreateUnbounded<Attempt>();
        private int _attempts;
        private int _running;

        public HashSet<string> Stale { get; } = [];

        public int Attempts => Volatile.Read(ref _attempts);

        public int MostAtOnce { get; private set; }

        public async Task<string> RunAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _attempts);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            try
            {
                var attempt = new Attempt(cancellationToken);
                _started.Writer.TryWrite(attempt);
                return await attempt.End;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public async Task<Attempt> NextAsync() => await _started.Reader.ReadAsync().AsTask().OrBroken("the next attempt to start");
    }
}
