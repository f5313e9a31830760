using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Management messages to and from JSON.</summary>
internal static class ManagementJson
{
    public static byte[] Encode(ManagementCommand command) => throw new NotImplementedException();

    public static byte[] Encode(ManagementReply reply) => throw new NotImplementedException();

    /// <exception cref="WireException">Not a JSON object, or no <c>type</c>.</exception>
    public static ManagementCommand DecodeCommand(in ReadOnlySequence<byte> json) => throw new NotImplementedException();

    /// <exception cref="WireException">Not a JSON object, or no <c>status</c>.</exception>
    public static ManagementReply DecodeReply(ReadOnlyMemory<byte> json) => throw new NotImplementedException();
}
