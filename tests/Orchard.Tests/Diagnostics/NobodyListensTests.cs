using Orchard.Calls.Telemetry;
using Orchard.Connection;
using Orchard.Diagnostics;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Tests.Diagnostics;

/// <summary>Never beside a test that listens: a listener hears the whole process.</summary>
[Collection(nameof(Listening))]
public sealed class NoClientConnectedTests
{
    private static readonly ResponseDelta Final = new() { RequestId = 1, PromptIndex = 0, IsFinal = true };
    private static readonly Task<int> Loaded = Task.FromResult(1);

    [Fact]
    public void Chat_NoClientConnected_CostsNoMemory()
    {
        Observe(); // the first time makes the instruments

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Observe();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // All that a call, a token and a load go through on account of telemetry.
    private static void Observe()
    {
        Assert.False(ChatTelemetry.IsEnabled);
        Assert.Null(SequenceSpans.Context());
        SequenceSpans.Add(Final, 1);
        Assert.Same(Loaded, LoadTelemetry.ObserveAsync(("model", "id"), (Task: Loaded, Number: 1), static state => state.Task));
        EngineTelemetry.CountRestart();
    }
}
