namespace Orchard.Protocol;

/// <summary>The version of what both sides must agree on beyond the family's wire, sent with registration and heartbeat.</summary>
internal static class ProtocolVersion
{
    public const int Current = 1;
}
