namespace Orchard.Protocol;

/// <summary>A send or a request on a connection that has ended.</summary>
internal sealed class ConnectionClosedException(ConnectionEnd end)
    : IOException($"The connection is closed ({end}).", end.Error)
{
    public ConnectionEnd End { get; } = end;
}
