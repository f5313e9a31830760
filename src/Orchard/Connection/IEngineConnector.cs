namespace Orchard.Connection;

/// <summary>Gets a session with an engine. The seam between a client and where its engine comes from.</summary>
internal interface IEngineConnector
{
    /// <summary>A new session with the engine that is there now, started if need be.</summary>
    Task<EngineSession> ConnectAsync(CancellationToken cancellationToken);
}
