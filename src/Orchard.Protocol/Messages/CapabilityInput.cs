namespace Orchard.Protocol.Messages;

/// <summary>A named numeric input such as a coordinate; the payload is opaque to the codec.</summary>
internal sealed record CapabilityInput(string Name, int Position, ReadOnlyMemory<byte> Payload);
