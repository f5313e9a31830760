namespace Orchard.Protocol;

/// <summary>The version of Orchard's extensions of the PIE protocol, exchanged at registration.</summary>
internal static class ProtocolVersion
{
    public const int Current = 2;
}
