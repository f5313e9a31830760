using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>Whether this client and an engine understand each other. The engine asks itself the same of the client.</summary>
internal static class ProtocolHandshake
{
    /// <summary>Null when they do, as with the family's engine, which says nothing of itself; else what to tell the user.</summary>
    public static EngineStartException? Mismatch(EngineIdentity? engine, EngineRoot root) =>
        engine is null || engine.ProtocolVersion == ProtocolVersion.Current
            ? null
            : new EngineStartException(
                $"The engine in '{root.Directory}' (process {engine.ProcessId}, release {engine.Version ?? "unknown"}) speaks protocol version {engine.ProtocolVersion}, this client version {ProtocolVersion.Current}. "
                + "Use one release of Orchard in all applications that share the engine, and close those that use the running one: it leaves after its last client. "
                + $"Or give this application an engine of its own with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}.");
}
