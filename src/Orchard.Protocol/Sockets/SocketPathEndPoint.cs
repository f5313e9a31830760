using System.Net;
using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>A unix socket address that leaves the deletion of the socket file to the caller.</summary>
/// <remarks>
/// A <see cref="Socket"/> bound to a <see cref="UnixDomainSocketEndPoint"/> deletes its path on disposal, even if another process has
/// bound a new file there. With this type <see cref="UnixSocketListener"/> decides about the deletion.
/// </remarks>
internal sealed class SocketPathEndPoint(string path) : EndPoint
{
    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => new UnixDomainSocketEndPoint(path).Serialize();

    // Peers of a unix listener have no address.
    public override EndPoint Create(SocketAddress socketAddress) => this;

    public override string ToString() => path;
}
