using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Tests.Inference;

public sealed class ThreadThrottleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ThreadThrottle _throttle;

    public ThreadThrottleTests() => _throttle = new ThreadThrottle(_time);

    [Theory]
    [InlineData(2, 400, 8)] // all of two processors
    [InlineData(8, 1_400, 8)] // one of eight busy with something else
    [InlineData(2, 310, 8)]
    public void Learn_ProcessorsOfTheirOwn_AllThreadsCompute(int threads, int used, int asked)
    {
        Learn(threads, elapsed: 200, used);

        Assert.Equal(asked, _throttle.Limit(asked));
    }

    [Theory]
    [InlineData(2, 270, 1)] // one that computes beside two threads
    [InlineData(3, 400, 1)]
    [InlineData(8, 1_000, 4)]
    public void Learn_AnotherProgramOnTheirProcessors_HalfOfThemCompute(int threads, int used, int left)
    {
        Learn(threads, elapsed: 200, used);

        Assert.Equal(left, _throttle.Limit(threads));
        Assert.Equal(1, _throttle.Limit(1));
    }

    [Fact]
    public void Of_AWhileLater_TriesAllAgain()
    {
        // Still busy each time: twice as long, up to four seconds.
        foreach (int pause in new[] { 500, 1_000, 2_000, 4_000, 4_000 })
        {
            AssertLimitedFor(pause);
        }

        // Nobody else, and then somebody again.
        Learn(4, elapsed: 200, used: 700);
        AssertLimitedFor(500);
    }

    [Fact]
    public void Learn_ShortSteps_CountTogether()
    {
        for (int i = 0; i < 199; i++)
        {
            Learn(2, elapsed: 1, used: 1);
        }

        Assert.Equal(2, _throttle.Limit(2));
        Learn(2, elapsed: 1, used: 1);
        Assert.Equal(1, _throttle.Limit(2));
    }

    [Fact]
    public void Learn_OneThread_SaysNothing()
    {
        Learn(1, elapsed: 1_000, used: 100);

        Assert.Equal(2, _throttle.Limit(2));
    }

    [Fact]
    public void Learn_FewerThreadsAreSlower_AllComputeAgainAndFewerAreNotTriedForAWhile()
    {
        Learn(2, elapsed: 200, used: 270, tokens: 100);
        Learn(1, elapsed: 200, used: 200, tokens: 99);
        Assert.Equal(2, _throttle.Limit(2));

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Learn(2, elapsed: 200, used: 270, tokens: 100);
        Assert.Equal(2, _throttle.Limit(2));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Learn(2, elapsed: 200, used: 270, tokens: 100);
        Assert.Equal(1, _throttle.Limit(2));
    }

    [Fact]
    public void Learn_FewerThreadsAreFaster_TheyGoOn()
    {
        Learn(2, elapsed: 200, used: 270, tokens: 100);

        for (int i = 0; i < 10; i++)
        {
            Learn(1, elapsed: 200, used: 200, tokens: 101);
            Assert.Equal(1, _throttle.Limit(2));
        }
    }

    private void AssertLimitedFor(int milliseconds)
    {
        Learn(4, elapsed: 200, used: 400);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Equal(2, _throttle.Limit(4));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, _throttle.Limit(4));
    }

    private void Learn(int threads, int elapsed, int used, int tokens = 1) =>
        _throttle.Record(threads, tokens, TimeSpan.FromMilliseconds(elapsed), TimeSpan.FromMilliseconds(used));
}
