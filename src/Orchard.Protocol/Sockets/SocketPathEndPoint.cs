using System.Net;
using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>A unix socket address to bind to without handing the file's life to the framework.</summary>
/// <remarks>
/// A <see cref="Socket"/> bound to a <see cref="UnixDomainSocketEndPoint"/> deletes its path when it is disposed, even when a
/// successor has bound a file of its own there. Bound to this type it leaves the file to <see cref="UnixSocketListener"/>.
/// </remarks>
internal sealed class SocketPathEndPoint(string path) : EndPoint
{
    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => new UnixDomainSocketEndPoint(path).Serialize();

    // Peers of a unix listener have no address of their own.
    public override EndPoint Create(SocketAddress socketAddress) => this;

    public override string ToString() => path;
}
