using System.Collections.Concurrent;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Processes that the test starts and ends.</summary>
internal sealed class FakeProcesses : IProcessProbe
{
    private readonly ConcurrentDictionary<int, ProcessMark> _running = new();

    public void Start(int pid, long startTime = 1) => _running[pid] = new ProcessMark(startTime);

    public void End(int pid) => _running.TryRemove(pid, out _);

    public ProcessMark? Find(int pid) => _running.TryGetValue(pid, out ProcessMark mark) ? mark : null;
}
