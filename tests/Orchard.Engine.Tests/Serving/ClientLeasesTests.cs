using Orchard.Engine.Serving.Clients;

namespace Orchard.Engine.Tests.Serving;

public sealed class ClientLeasesTests
{
    private readonly FakeProcesses _processes = new();
    private readonly ClientLeases _leases;

    public ClientLeasesTests() => _leases = new ClientLeases(_processes);

    [Fact]
    public void CollectDead_ProcessEnded_ReturnsItOnce()
    {
        _processes.Start(5);
        _processes.Start(6);
        _leases.Register(5);
        _leases.Register(6);
        _processes.End(5);

        Assert.Equal([5], _leases.CollectDead());
        Assert.Empty(_leases.CollectDead());
        Assert.Equal(1, _leases.Count);
    }

    [Fact]
    public void CollectDead_IdTakenByAnotherProcess_ReturnsIt()
    {
        _processes.Start(5, startTime: 1);
        _leases.Register(5);
        _processes.Start(5, startTime: 2);

        Assert.Equal([5], _leases.CollectDead());
    }

    [Fact]
    public void Register_NewProcessWithAnOldId_KeepsTheNewOne()
    {
        _processes.Start(5, startTime: 1);
        _leases.Register(5);
        _processes.Start(5, startTime: 2);
        _leases.Register(5);

        Assert.Empty(_leases.CollectDead());
        Assert.Equal(1, _leases.Count);
    }

    [Fact]
    public void Deregister_NotRegistered_IsFalse() => Assert.False(_leases.Deregister(5));
}
