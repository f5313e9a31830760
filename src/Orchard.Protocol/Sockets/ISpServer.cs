namespace Orchard.Protocol.Sockets;

/// <summary>The serving side of a protocol: PULL, PUB or REP. Serves any number of connections at once.</summary>
internal interface ISpServer
{
    SpProtocol Protocol { get; }

    /// <summary>Exchanges headers and serves one accepted connection to its end. Owns <paramref name="stream"/>; never throws.</summary>
    Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken);
}
