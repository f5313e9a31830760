namespace Orchard.Protocol;

/// <summary>The end of a connection: the reason, and the underlying error if there is one.</summary>
internal readonly record struct ConnectionEnd(ConnectionEndReason Reason, Exception? Error = null)
{
    public override string ToString() => Error is null ? Reason.ToString() : $"{Reason}: {Error.Message}";
}
