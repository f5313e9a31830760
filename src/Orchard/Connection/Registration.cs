using Microsoft.Extensions.Logging;
using Orchard.Connection.Transport;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>Outcome of registering this process with an engine.</summary>
/// <param name="Session">The session; null when the engine refused.</param>
/// <param name="Refusal">The engine's reason for refusing, if it gave one.</param>
internal readonly record struct Registration(EngineSession? Session, string? Refusal)
{
    /// <summary>Registers this process over a connected transport and opens a session, which then owns the transport.</summary>
    /// <param name="root">The namespace.</param>
    /// <param name="transport">Disposed when no session is opened.</param>
    /// <param name="events">The events that the transport receives.</param>
    /// <param name="started">The engine process that this client has started; null when it has started none.</param>
    /// <param name="options">Settings of the session.</param>
    /// <param name="logger">Log of the session.</param>
    /// <param name="cancellationToken">Cancels the registration.</param>
    /// <exception cref="EngineStartException">The engine uses another protocol version.</exception>
    public static async Task<Registration> AttachAsync(
        EngineRoot root,
        IpcTransport transport,
        EngineEvents events,
        EngineProcess? started,
        ClientOptions options,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        EngineLease? lease = null;
        EngineSession? session = null;
        try
        {
            (lease, ManagementReply reply) = await EngineLease
                .TakeAsync(root.Directory, transport, cancellationToken).ConfigureAwait(false);
            EngineIdentity? identity = reply.Data?.ClientRegister;
            if (ProtocolHandshake.Mismatch(identity, root) is { } mismatch)
            {
                // The engine may have counted this process as a client.
                await lease.ReleaseAsync(transport, options.TimeProvider, logger).ConfigureAwait(false);
                throw mismatch;
            }

            if (IsAgreed(reply) && identity is not null)
            {
                reply = await transport.BindAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!IsAgreed(reply))
            {
                return new Registration(null, reply.Message);
            }

            EngineProcess? owned = identity is null || identity.ProcessId == started?.Id ? started : null;
            session = new EngineSession(root, new EngineAttachment(transport, lease, events, identity, owned), options, logger);
            return new Registration(session, null);
        }
        finally
        {
            if (session is null)
            {
                lease?.Drop();
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool IsAgreed(ManagementReply reply) => reply.IsOk || reply.IsAccepted;
}
