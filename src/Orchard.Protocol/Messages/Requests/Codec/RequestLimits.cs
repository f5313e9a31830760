namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Largest numbers of entries that a request may contain.</summary>
internal static class RequestLimits
{
    public const int MaxPrompts = 4096;

    /// <summary>Per prompt.</summary>
    public const int MaxCapabilities = 4096;

    /// <summary>Per prompt.</summary>
    public const int MaxToolCallFormats = 256;
}
