using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Testing.Wire;

/// <summary>One run of the scripted engine, as the code sees it that answers commands and prompts. Thread-safe.</summary>
internal interface IEngineInstance
{
    int ProcessId { get; }

    TimeProvider Time { get; }

    /// <summary>Whether the engine has crashed or was disposed.</summary>
    bool HasEnded { get; }

    /// <summary>What has become of the response connections, as the engine tells clients that ask.</summary>
    string ChannelStatus { get; }

    /// <summary>Sends a message to all clients.</summary>
    void Publish(ReadOnlyMemory<byte> message);

    /// <summary>Sends a delta to one client.</summary>
    void Publish(ulong channel, ResponseDelta delta);

    /// <summary>Sends an event to all clients.</summary>
    void Publish(EngineEvent engineEvent);

    /// <summary>Stops the request that a command names.</summary>
    void CancelRequest(ManagementCommand command);

    /// <summary>Runs work in the background until the engine ends.</summary>
    void Run(Func<CancellationToken, Task> work);

    /// <summary>Starts a crash without waiting for its end, which a caller inside the engine could not do.</summary>
    void BeginCrash(bool midMessage);
}
