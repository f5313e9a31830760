namespace Orchard.Connection;

/// <summary>Opens sessions with an engine. Decouples a client from the origin of its engine.</summary>
internal interface IEngineConnector
{
    /// <summary>Opens a new session with the running engine, starting one if necessary.</summary>
    Task<EngineSession> ConnectAsync(CancellationToken cancellationToken);
}
