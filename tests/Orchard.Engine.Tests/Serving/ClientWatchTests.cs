using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving;
using Orchard.Engine.Serving.Clients;

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

        Assert.False(watch.Look());
        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.False(watch.Look());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(watch.Look());
    }

    [Fact]
    public void Look_RegisteredProcessDied_LeavesAfterTheGraceTime()
    {
        ClientWatch watch = Watch();
        _processes.Start(7);
        _leases.Register(7);
        _time.Advance(10 * Grace);
        Assert.False(watch.Look());

        _processes.End(7);
        _time.Advance(Grace);

        Assert.True(watch.Look());
    }

    private ClientWatch Watch() => new(_leases, new ActiveRequests(_time), () => 0, Grace, _time, NullLogger.Instance);
}
