namespace Orchard.Protocol.Messages;

/// <summary>Ids of response channels.</summary>
/// <remarks>
/// PIE-compatible clients choose their own ids: the process id above, random bits below. Its highest bit is never set, because process ids
/// are positive. An id with that bit was assigned by an engine to one connection.
/// </remarks>
internal static class ResponseChannel
{
    private const ulong AssignedBit = 1ul << 63;

    /// <summary>Returns whether an engine has assigned the id to one of its connections.</summary>
    public static bool IsAssigned(ulong channelId) => (channelId & AssignedBit) != 0;

    /// <summary>The process id that a client claims with the id it has chosen.</summary>
    public static int ClaimedProcessId(ulong channelId) => unchecked((int)(channelId >> 32));

    /// <summary>Returns a new id for a connection. It cannot be guessed.</summary>
    public static ulong Assign() => SecureRandom.Next64() | AssignedBit;

    /// <summary>Returns a new id as a client chooses it for an engine that assigns none.</summary>
    public static ulong Choose() => ((ulong)(uint)Environment.ProcessId << 32) | SecureRandom.Next31();
}
