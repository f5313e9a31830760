using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Management messages to and from JSON. Members that are not set are not written.</summary>
internal static class ManagementJson
{
    public static byte[] Encode(ManagementCommand command) => JsonSerializer.SerializeToUtf8Bytes(command, WireJson.Instance.ManagementCommand);

    public static byte[] Encode(ManagementReply reply) => JsonSerializer.SerializeToUtf8Bytes(reply, WireJson.Instance.ManagementReply);

    /// <exception cref="WireException">Not a JSON object, or no <c>type</c>.</exception>
    public static ManagementCommand DecodeCommand(in ReadOnlySequence<byte> json)
    {
        ManagementCommand command = WireJson.Decode(json, WireJson.Instance.ManagementCommand, "The management command");
        return command.Type is null ? throw new WireException("The management command's type is null.") : command;
    }

    /// <exception cref="WireException">Not a JSON object, or no <c>status</c>.</exception>
    public static ManagementReply DecodeReply(ReadOnlyMemory<byte> json)
    {
        ManagementReply reply = WireJson.Decode(new ReadOnlySequence<byte>(json), WireJson.Instance.ManagementReply, "The management reply");
        return reply.Status is null ? throw new WireException("The management reply's status is null.") : reply;
    }
}
