using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Management;

/// <summary>Encodes and decodes management messages. Members that are null are not written.</summary>
internal static class ManagementJson
{
    public static byte[] Encode(ManagementCommand command) =>
        JsonSerializer.SerializeToUtf8Bytes(command, ManagementJsonContext.Instance.ManagementCommand);

    public static byte[] Encode(ManagementReply reply) =>
        JsonSerializer.SerializeToUtf8Bytes(reply, ManagementJsonContext.Instance.ManagementReply);

    /// <exception cref="WireException">Not a JSON object, or one without <c>type</c>.</exception>
    public static ManagementCommand DecodeCommand(in ReadOnlySequence<byte> json)
    {
        ManagementCommand command = WireJson.Decode(json, ManagementJsonContext.Instance.ManagementCommand, "The management command");
        return command.Type is null ? throw new WireException("The management command's type is null.") : command;
    }

    /// <exception cref="WireException">Not a JSON object, or one without <c>status</c>.</exception>
    public static ManagementReply DecodeReply(ReadOnlyMemory<byte> json)
    {
        ManagementReply reply = WireJson.Decode(
            new ReadOnlySequence<byte>(json), ManagementJsonContext.Instance.ManagementReply, "The management reply");
        return reply.Status is null ? throw new WireException("The management reply's status is null.") : reply;
    }
}
