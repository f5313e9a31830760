namespace Orchard.Protocol.Messages.Management;

/// <summary>What has become of a response channel.</summary>
internal static class ChannelStates
{
    /// <summary>The connection of the channel exists.</summary>
    public const string Open = "open";

    /// <summary>The engine closed the connection, because its peer had left too much output unread.</summary>
    public const string OutputLimitExceeded = "output_limit_exceeded";

    /// <summary>The connection has ended for another reason, or never existed.</summary>
    public const string Closed = "closed";
}
