using Microsoft.Extensions.Time.Testing;
using Orchard.Connection;

namespace Orchard.Tests.Connection;

public sealed class RestartBackoffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RestartBackoff _backoff;

    public RestartBackoffTests() => _backoff = new RestartBackoff(_time);

    [Fact]
    public void Next_EnginesThatNeverAnswer_WaitsLongerUpToFiveSeconds()
    {
        double[] waits = [.. Enumerable.Range(0, 9).Select(_ => _backoff.Next(hadAnswered: false).TotalMilliseconds)];

        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000], waits);
    }

    [Fact]
    public void Next_EngineThatAnswered_DoesNotWaitAndBeginsAnew()
    {
        _backoff.Next(hadAnswered: false);
        _backoff.Next(hadAnswered: false);

        Assert.Equal(TimeSpan.Zero, _backoff.Next(hadAnswered: true));
        Assert.Equal(TimeSpan.Zero, _backoff.Next(hadAnswered: false));
    }

    [Fact]
    public void Next_AfterAQuietMinute_BeginsAnew()
    {
        _backoff.Next(hadAnswered: false);
        _backoff.Next(hadAnswered: false);
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(TimeSpan.Zero, _backoff.Next(hadAnswered: false));
    }

    [Fact]
    public async Task Wait_NoTimeToWait_IsOverAtOnceAlsoWhenCancelled()
    {
        await _backoff.WaitAsync(hadAnswered: false, new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _backoff.WaitAsync(hadAnswered: false, new CancellationToken(canceled: true)));
    }
}
