namespace Orchard.Protocol;

/// <summary>The end of a connection: the reason, and the underlying error if there is one.</summary>
internal readonly record struct ConnectionEnd(ConnectionEndReason Reason, Exception? Error = null)
{
    /// <summary>What happened, for users: words without a capital letter or a full stop.</summary>
    public string Description => Reason switch
    {
        ConnectionEndReason.PeerClosed => "the other end closed it",
        ConnectionEndReason.Torn => "it ended in the middle of a message",
        ConnectionEndReason.Violated => $"a message was not valid{Cause}",
        ConnectionEndReason.TooSlow => "too much was left unread",
        ConnectionEndReason.Disposed => "this end closed it",
        _ => $"reading or writing failed{Cause}",
    };

    private string Cause => Error is null ? "" : $": {Error.Message}";

    public override string ToString() => Error is null ? Reason.ToString() : $"{Reason}: {Error.Message}";
}
