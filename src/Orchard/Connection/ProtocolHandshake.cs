using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>Checks that this client and an engine use the same protocol version. The engine checks the same for the client.</summary>
internal static class ProtocolHandshake
{
    /// <summary>Returns the error for a mismatch; null for a match, or if the engine reports no version, as other PIE engines do.</summary>
    public static EngineStartException? Mismatch(EngineIdentity? engine, EngineRoot root) =>
        engine is null || engine.ProtocolVersion == ProtocolVersion.Current
            ? null
            : new EngineStartException(
                $"The engine in '{root.Directory}' (process {engine.ProcessId}, release {engine.Version ?? "unknown"}) "
                + $"uses protocol version {engine.ProtocolVersion}, this client version {ProtocolVersion.Current}. "
                + "Use one release of Orchard in all applications that share the engine, and close those that use the running one: "
                + "it exits after its last client has left. "
                + $"Or give this application a separate engine with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}.");
}
