namespace Orchard.Protocol.Sockets;

/// <summary>Another process listens on the socket.</summary>
internal sealed class SocketInUseException(string path)
    : IOException($"Cannot listen on '{path}': another process is already listening there.");
