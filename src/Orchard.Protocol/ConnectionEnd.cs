namespace Orchard.Protocol;

/// <summary>Why a connection is over.</summary>
internal enum ConnectionEndReason
{
    /// <summary>The peer closed it between two messages: an orderly end.</summary>
    PeerClosed,

    /// <summary>The peer vanished inside a message.</summary>
    Torn,

    /// <summary>The peer broke the protocol; we closed it.</summary>
    Violated,

    /// <summary>Reading or writing failed, or the handler of a message threw.</summary>
    Faulted,

    /// <summary>Our side closed it.</summary>
    Disposed,
}

/// <summary>The end of a connection as data: a reason, and the error behind it when there is one.</summary>
internal readonly record struct ConnectionEnd(ConnectionEndReason Reason, Exception? Error = null)
{
    public override string ToString() => Error is null ? Reason.ToString() : $"{Reason}: {Error.Message}";
}
