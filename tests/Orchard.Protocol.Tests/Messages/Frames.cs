using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>Builds frames, good and bad, and says whether two of them mean the same.</summary>
internal static class Frames
{
    public static byte[] Encode(RequestFrame frame)
    {
        var writer = new ArrayBufferWriter<byte>();
        RequestFrameWriter.Write(frame, writer);
        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Encode(ulong channel, ResponseDelta delta)
    {
        var writer = new ArrayBufferWriter<byte>();
        ResponseDeltaWriter.Write(channel, delta, writer);
        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Encode(EngineEvent engineEvent)
    {
        var writer = new ArrayBufferWriter<byte>();
        engineEvent.Write(writer);
        return writer.WrittenSpan.ToArray();
    }

    public static RequestFrame Decode(byte[] frame) => RequestFrameReader.Read(new ReadOnlySequence<byte>(frame));

    /// <summary>A frame of any metadata text and blobs.</summary>
    public static byte[] Compose(string metadata, byte[]? blobs = null) => Compose(Encoding.UTF8.GetBytes(metadata), blobs);

    public static byte[] Compose(byte[] metadata, byte[]? blobs = null)
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)metadata.Length);
        return [.. prefix, .. metadata, .. blobs ?? []];
    }

    /// <summary>A valid frame around one prompt's own keys.</summary>
    public static byte[] ComposePrompt(string promptKeys, byte[]? blobs = null) => Compose(
        $$"""{"request_id":7,"response_channel_id":9,"model_id":"m","model_path":"/p","prompts":[{{{promptKeys}}}]}""", blobs);

    public static RequestFrame Simple(PromptFrame? prompt = null) => new()
    {
        RequestId = 7,
        ModelId = "m",
        ModelPath = "/p",
        ResponseChannelId = 9,
        Prompts = [prompt ?? new PromptFrame { Text = "Hello"u8.ToArray() }],
    };

    /// <summary>The same bytes in two segments that meet at <paramref name="at"/>.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Segment(bytes.AsMemory(0, at), null);
        var last = new Segment(bytes.AsMemory(at), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Everything a record says, as text: lists and memory compare by value.</summary>
    public static string Describe<T>(T value) => JsonSerializer.Serialize(value, DescribeOptions);

    private static readonly JsonSerializerOptions DescribeOptions = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Memory.Length;
            if (previous is not null)
            {
                previous.Next = this;
            }
        }
    }
}
