namespace Orchard.Protocol.Sockets;

/// <summary>The serving side of a protocol: PULL, PUB or REP. Serves any number of connections concurrently.</summary>
internal interface ISpServer
{
    SpProtocol Protocol { get; }

    /// <summary>Exchanges headers and serves one accepted connection until it ends. Owns <paramref name="stream"/>. Never throws.</summary>
    Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken);
}
