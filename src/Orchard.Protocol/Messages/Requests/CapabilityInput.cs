namespace Orchard.Protocol.Messages.Requests;

/// <summary>A named numeric input, such as a coordinate. The payload is opaque to the codec.</summary>
internal sealed record CapabilityInput(string Name, int Position, ReadOnlyMemory<byte> Payload);
