using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Requests;

namespace Orchard.Engine.Tests.Serving;

public sealed class ClientWatchTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeProcesses _processes = new();
    private readonly ClientLeases _leases;

    public ClientWatchTests() => _leases = new ClientLeases(_processes);

    [Fact]
    public void Look_ClientCameAndWentSinceTheLastLook_LeavesAfterTheGraceTime()
    {
        ClientWatch watch = Watch();
        _processes.Start(7);
        _leases.Register(7);
        _leases.Deregister(7);

        Assert.False(watch.Check());
        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.False(watch.Check());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(watch.Check());
    }

    [Fact]
    public void Look_RegisteredProcessDied_LeavesAfterTheGraceTime()
    {
        ClientWatch watch = Watch();
        _processes.Start(7);
        _leases.Register(7);
        _time.Advance(10 * Grace);
        Assert.False(watch.Check());

        _processes.End(7);
        _time.Advance(Grace);

        Assert.True(watch.Check());
    }

    [Fact]
    public void Look_ClientComesAsTheEngineDecidesToLeave_Stays()
    {
        var time = new TimeWithVisitor(_time);
        ClientWatch watch = new(_leases, new ActiveRequests(_time), () => 0, Grace, time, NullLogger.Instance);
        _time.Advance(PresenceRule.FirstClientLimit);
        _processes.Start(7);
        time.Visitor = () => _leases.Register(7);

        Assert.False(watch.Check());
        Assert.Equal(Registration.Counted, _leases.Register(7));
    }

    [Fact]
    public void Register_AfterTheLookThatSaysLeave_IsRefused()
    {
        ClientWatch watch = Watch();
        _time.Advance(PresenceRule.FirstClientLimit);
        Assert.True(watch.Check());

        _processes.Start(7);

        Assert.Equal(Registration.Refused, _leases.Register(7));
    }

    private ClientWatch Watch() => new(_leases, new ActiveRequests(_time), () => 0, Grace, _time, NullLogger.Instance);

    // Each check reads the clock last.
    private sealed class TimeWithVisitor(TimeProvider time) : TimeProvider
    {
        public Action? Visitor { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp()
        {
            Visitor?.Invoke();
            return time.GetTimestamp();
        }
    }
}
