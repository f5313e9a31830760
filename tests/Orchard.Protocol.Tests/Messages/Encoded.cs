using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>Encodes valid and invalid messages, and compares messages by value.</summary>
internal static class Encoded
{
    public static byte[] Encode(WireRequest request, bool omitDefaults = false)
    {
        var writer = new ArrayBufferWriter<byte>();
        WireRequestWriter.Write(request, writer, omitDefaults);
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

    public static WireRequest Decode(byte[] request) => WireRequestReader.Read(new ReadOnlySequence<byte>(request));

    /// <summary>A request of any metadata and blobs.</summary>
    public static byte[] Compose(string metadata, byte[]? blobs = null) => Compose(Encoding.UTF8.GetBytes(metadata), blobs);

    public static byte[] Compose(byte[] metadata, byte[]? blobs = null)
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)metadata.Length);
        return [.. prefix, .. metadata, .. blobs ?? []];
    }

    /// <summary>A valid request around the keys of one prompt.</summary>
    public static byte[] ComposePrompt(string promptKeys, byte[]? blobs = null) => Compose(
        $$"""{"request_id":7,"response_channel_id":9,"model_id":"m","model_path":"/p","prompts":[{{{promptKeys}}}]}""", blobs);

    public static WireRequest Simple(WirePrompt? prompt = null) => new()
    {
        RequestId = 7,
        ModelId = "m",
        ModelPath = "/p",
        ResponseChannelId = 9,
        Prompts = [prompt ?? new WirePrompt { Text = "Hello"u8.ToArray() }],
    };

    /// <summary>Splits bytes into two segments at <paramref name="at"/>.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Segment(bytes.AsMemory(0, at), null);
        var last = new Segment(bytes.AsMemory(at), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Serializes a record, so that lists and memory compare by value.</summary>
    public static string Describe<T>(T value) => JsonSerializer.Serialize(value, DescribeOptions);

    private static readonly JsonSerializerOptions DescribeOptions = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new PromptTextConverter() },
    };

    private sealed class PromptTextConverter : JsonConverter<PromptText>
    {
        public override PromptText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PromptText value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Span);
    }

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
