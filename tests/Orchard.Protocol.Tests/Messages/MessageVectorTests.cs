using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Protocol.Tests.Messages;

public class MessageVectorTests
{
    public static TheoryData<string> Names => VectorFile.Messages;

    [Fact]
    public void Folder_HoldsAllMessageVectors() => Assert.Equal(24, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_Vector_DisposesOfItAsExpected(string name)
    {
        VectorFile vector = VectorFile.LoadMessage(name);

        Assert.Equal(vector.Json.GetProperty("disposition").GetString(), Dispose(vector, out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_Vector_GivesEveryExpectedField(string name)
    {
        VectorFile vector = VectorFile.LoadMessage(name);
        if (Dispose(vector, out object? message) != "deliver")
        {
            return;
        }

        foreach (JsonProperty expected in vector.Expected.EnumerateObject())
        {
            if (message is ResponseDelta delta)
            {
                DeltaExpectation.Check(delta, expected);
            }
            else
            {
                EventExpectation.Check((EngineEvent)message!, expected);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteThenRead_Vector_GivesTheSameMessage(string name)
    {
        VectorFile vector = VectorFile.LoadMessage(name);
        if (Dispose(vector, out object? message) != "deliver")
        {
            return;
        }

        ulong channel = vector.Json.GetProperty("own_channel_id").GetUInt64();
        byte[] written = message is ResponseDelta delta ? Encoded.Encode(channel, delta) : Encoded.Encode((EngineEvent)message!);

        Assert.Equal("deliver", Dispose(vector with { Bytes = written }, out object? again));
        Assert.Equal(Encoded.Describe(message), Encoded.Describe(again));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_VectorSplitAnywhere_GivesTheSameMessage(string name)
    {
        VectorFile vector = VectorFile.LoadMessage(name);
        string disposition = Dispose(vector, out object? whole);
        string described = Encoded.Describe(whole);
        for (int at = 0; at <= vector.Bytes.Length; at++)
        {
            Assert.Equal(disposition, Dispose(vector, Encoded.Split(vector.Bytes, at), out object? message));
            Assert.Equal(described, Encoded.Describe(message));
        }
    }

    [Fact]
    public void Write_TelemetryVector_WritesEveryFieldThatPieRequires()
    {
        VectorFile vector = VectorFile.LoadMessage("msg_event_telemetry");
        _ = Dispose(vector, out object? message);

        byte[] written = Encoded.Encode((EngineEvent)message!);

        int offset = vector.Json.GetProperty("payload_offset").GetInt32();
        using JsonDocument sent = JsonDocument.Parse(vector.Bytes.AsMemory(offset));
        using JsonDocument ours = JsonDocument.Parse(written.AsMemory(offset));
        AssertContains(sent.RootElement, ours.RootElement, "");
    }

    private static string Dispose(VectorFile vector, out object? message) => Dispose(vector, vector.Sequence, out message);

    /// <summary>What a client's receive loop does with a published message.</summary>
    private static string Dispose(VectorFile vector, in ReadOnlySequence<byte> bytes, out object? message)
    {
        message = null;
        var filter = new TopicFilter(vector.Json.GetProperty("own_channel_id").GetUInt64());
        try
        {
            switch (filter.Classify(bytes, out ReadOnlySequence<byte> payload))
            {
                case TopicKind.Response:
                    message = ResponseDeltaReader.Read(payload);
                    return "deliver";
                case TopicKind.Event:
                    message = EngineEventReader.Read(payload);
                    return message is null ? "ignore" : "deliver";
                default:
                    return "drop";
            }
        }
        catch (WireException)
        {
            return "drop";
        }
    }

    private static void AssertContains(JsonElement expected, JsonElement actual, string path)
    {
        Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in expected.EnumerateObject())
                {
                    Assert.True(actual.TryGetProperty(property.Name, out JsonElement value), path + "." + property.Name + " is missing");
                    AssertContains(property.Value, value, path + "." + property.Name);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                for (int i = 0; i < expected.GetArrayLength(); i++)
                {
                    AssertContains(expected[i], actual[i], $"{path}[{i}]");
                }

                break;
            default:
                Assert.True(JsonElement.DeepEquals(expected, actual), path);
                break;
        }
    }
}
