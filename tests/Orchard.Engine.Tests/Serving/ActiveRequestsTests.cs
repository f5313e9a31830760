using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Requests;

namespace Orchard.Engine.Tests.Serving;

public sealed class ActiveRequestsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ActiveRequests _requests;

    public ActiveRequestsTests() => _requests = new ActiveRequests(_time);

    [Fact]
    public void TryAdd_AboveCapacity_IsNullUntilAnEarlierOneEnds()
    {
        ActiveRequest first = _requests.TryAdd(1, 1, sequences: 3, capacity: 4)!;

        Assert.Null(_requests.TryAdd(1, 2, sequences: 2, capacity: 4));
        _requests.Remove(first);
        Assert.NotNull(_requests.TryAdd(1, 2, sequences: 2, capacity: 4));
        Assert.Equal((1, 2), (_requests.Count, _requests.Sequences));
    }

    [Fact]
    public void Cancel_BeforeTheRequest_CountsForThatChannelAlone()
    {
        _requests.Cancel(7, responseChannelId: 1);

        Assert.False(_requests.TryAdd(2, 7, 1, 10)!.CancellationToken.IsCancellationRequested);
        Assert.True(_requests.TryAdd(1, 7, 1, 10)!.CancellationToken.IsCancellationRequested);
        Assert.False(_requests.TryAdd(1, 7, 1, 10)!.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public void Cancel_LongBeforeTheRequest_IsForgotten()
    {
        _requests.Cancel(7, responseChannelId: 1);
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.False(_requests.TryAdd(1, 7, 1, 10)!.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public void CancelClient_CancelsTheRequestsOfThatProcessWhateverTheirChannelClaims()
    {
        ActiveRequest mine = _requests.TryAdd(501ul << 32, 1, 1, 10, clientPid: 500)!;
        ActiveRequest others = _requests.TryAdd((500ul << 32) | 1, 1, 1, 10, clientPid: null)!;

        Assert.Equal(1, _requests.CancelClient(500));
        Assert.Equal((true, false), (mine.CancellationToken.IsCancellationRequested, others.CancellationToken.IsCancellationRequested));
    }

    [Fact]
    public void EndSequence_IsTrueForTheLast()
    {
        ActiveRequest request = _requests.TryAdd(1, 1, sequences: 2, capacity: 4)!;

        Assert.False(request.EndSequence());
        Assert.True(request.EndSequence());
    }
}
