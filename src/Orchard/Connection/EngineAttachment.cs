using Orchard.Connection.Transport;
using Orchard.Processes;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>A connection that is registered with an engine.</summary>
/// <param name="Transport">The connected transport.</param>
/// <param name="Lease">The lease taken before registering.</param>
/// <param name="Events">The events that the transport receives.</param>
/// <param name="Identity">What the engine reports about itself; null for a PIE-compatible engine.</param>
/// <param name="Process">The engine process, if this client started it; otherwise null.</param>
internal sealed record EngineAttachment(
    IpcTransport Transport, EngineLease Lease, EngineEvents Events, EngineIdentity? Identity, EngineProcess? Process);
