namespace Orchard.Protocol.Sockets;

/// <summary>A process of another user listens on a socket. Nothing was sent to it.</summary>
internal sealed class ForeignUserException(string path, uint user, uint self) : UnauthorizedAccessException(
    $"A process of user {user} listens on '{path}'; this process belongs to user {self}. Nothing was sent.");
