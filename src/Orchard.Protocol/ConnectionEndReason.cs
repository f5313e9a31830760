namespace Orchard.Protocol;

/// <summary>Why a connection ended.</summary>
internal enum ConnectionEndReason
{
    /// <summary>The peer closed the connection between two messages, which is an orderly end.</summary>
    PeerClosed,

    /// <summary>The peer disconnected in the middle of a message.</summary>
    Torn,

    /// <summary>The peer broke the protocol, and this side closed the connection.</summary>
    Violated,

    /// <summary>Reading or writing failed, or the handler of a message threw an exception.</summary>
    Faulted,

    /// <summary>The peer left more data unread than the limit allows, and this side closed the connection.</summary>
    TooSlow,

    /// <summary>This side closed the connection.</summary>
    Disposed,
}
