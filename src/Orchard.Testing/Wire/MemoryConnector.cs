using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection;
using Orchard.Connection.Transport;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Testing.Wire;

/// <summary>Connects clients to a scripted engine in memory. One that crashed is back for the next client, as a new process would be.</summary>
/// <param name="engine">The engine.</param>
/// <param name="root">A namespace that exists in name only.</param>
/// <param name="options">How the client behaves.</param>
internal sealed class MemoryConnector(FakeEngine engine, EngineRoot root, ClientOptions options) : IEngineConnector
{
    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        var events = new EngineEvents(options.TimeProvider);
        IpcTransport? transport = null;
        try
        {
            transport = await engine.CurrentLife.ConnectAsync(events.OnEvent, cancellationToken).ConfigureAwait(false);
            ManagementReply reply = await transport.CommandAsync(
                new ManagementCommand
                {
                    Type = ManagementCommand.ClientRegister,
                    ClientPid = Environment.ProcessId,
                    ProtocolVersion = ProtocolVersion.Current,
                },
                cancellationToken).ConfigureAwait(false);
            if (!reply.IsOk)
            {
                throw new EngineStartException($"The scripted engine refused the client: {reply.Message}");
            }

            var session = new EngineSession(root, transport, EngineLease.Take(root.Directory), events, reply.Data?.ClientRegister, null, options, NullLogger.Instance);
            transport = null;
            return session;
        }
        catch (Exception e) when (e is IOException or WireException)
        {
            throw new EngineStartException($"The scripted engine did not answer: {e.Message}", e);
        }
        finally
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
