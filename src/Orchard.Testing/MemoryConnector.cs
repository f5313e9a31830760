using Orchard.Connection;
using Orchard.Connection.Transport;
using Orchard.Diagnostics;
using Orchard.Protocol;

namespace Orchard.Testing;

/// <summary>Connects clients to a scripted engine in memory. After a crash, the next connection is made to a new instance.</summary>
/// <param name="current">Returns the current instance, or a new one after a crash.</param>
/// <param name="root">A namespace that exists in name only.</param>
/// <param name="options">Settings of the client.</param>
internal sealed class MemoryConnector(Func<EngineInstance> current, EngineRoot root, ClientOptions options) : IEngineConnector
{
    private readonly GuardedLogger _logger = GuardedLogger.Create(options.LoggerFactory);

    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        var events = new EngineEvents(options.TimeProvider);
        try
        {
            IpcTransport transport = await current().ConnectAsync(events.OnEvent, _logger, cancellationToken).ConfigureAwait(false);
            Registration registration = await Registration.AttachAsync(
                root, transport, events, started: null, options, _logger, cancellationToken).ConfigureAwait(false);
            return registration.Session
                ?? throw new EngineStartException($"The scripted engine refused the client: {registration.Refusal}");
        }
        catch (Exception e) when (e is IOException or WireException)
        {
            throw new EngineStartException($"The scripted engine did not answer: {e.Message}", e);
        }
    }
}
