using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Protocol.Tests.Messages;

public class ManagementJsonTests
{
    private static readonly JsonElement Vectors = VectorFile.LoadManagement();

    public static TheoryData<string> CommandNames => [.. Commands.Select(c => c.GetProperty("name").GetString()!)];

    private static JsonElement[] Commands => [.. Vectors.GetProperty("commands").EnumerateArray()];

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Command_Vector_IsReadFromBothSiblingsAndWrittenAlike(string name)
    {
        JsonElement vector = Commands.Single(c => c.GetProperty("name").GetString() == name);
        foreach (string text in (string[])["request_text_orchard_py", "request_text_orchard_rs"])
        {
            ManagementCommand command = DecodeCommand(vector.GetProperty(text).GetString()!);

            using JsonDocument written = JsonDocument.Parse(ManagementJson.Encode(command));
            Assert.True(JsonElement.DeepEquals(vector.GetProperty("request"), written.RootElement), written.RootElement.GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Reply_Vector_IsReadAndWrittenWithTheSameMeaning(string name)
    {
        JsonElement vector = Commands.Single(c => c.GetProperty("name").GetString() == name);
        foreach (JsonElement entry in vector.GetProperty("replies").EnumerateArray())
        {
            ManagementReply reply = DecodeReply(entry.GetProperty("reply").GetRawText());
            ManagementReply again = ManagementJson.DecodeReply(ManagementJson.Encode(reply));

            Assert.Equal(Encoded.Describe(reply), Encoded.Describe(again));
            Assert.Equal(entry.GetProperty("reply").GetProperty("status").GetString(), reply.Status);
            Assert.Equal(reply.Status == "ok", reply.IsOk);
            Assert.Equal(reply.Status == "accepted", reply.IsAccepted);
            if (entry.TryGetProperty("capabilities", out JsonElement capabilities))
            {
                EventExpectation.CheckCapabilities(capabilities, reply.Data!.LoadModel!.Capabilities);
                Assert.Equal(5368709120ul, reply.Data.LoadModel.MinimumMemoryBytes);
            }
        }
    }

    [Fact]
    public void Reply_InspectVector_KeepsTheFormatterConfig()
    {
        JsonElement reply = Commands.Single(c => c.GetProperty("name").GetString() == "inspect_model_source").GetProperty("replies")[0].GetProperty("reply");

        ModelSource source = DecodeReply(reply.GetRawText()).Data!.InspectModelSource!;

        Assert.Equal("llama-3.1-8b-q4", source.CanonicalId);
        Assert.Equal("gguf", source.SourceFormat);
        Assert.Equal("llama", source.FormatterConfig!.Value.GetProperty("model_type").GetString());
    }

    [Fact]
    public void Command_EveryMember_RoundTrips()
    {
        var command = new ManagementCommand
        {
            Type = ManagementCommand.LoadModel,
            RequestedId = "r",
            CanonicalId = "c",
            ModelPath = "/m\u2028\"",
            WaitForCompletion = true,
            RequestId = ulong.MaxValue,
            ResponseChannelId = ulong.MaxValue - 1,
            ClientPid = 3,
            ProtocolVersion = ProtocolVersion.Current,
        };

        Assert.Equal(command, ManagementJson.DecodeCommand(new ReadOnlySequence<byte>(ManagementJson.Encode(command))));
    }

    [Fact]
    public void Command_UnsetMembers_AreNotWritten() => Assert.Equal(
        """{"type":"client_register","client_pid":3}""",
        Encoding.UTF8.GetString(ManagementJson.Encode(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = 3 })));

    [Fact]
    public void Reply_OurModelFacts_RoundTrip()
    {
        var reply = new ManagementReply
        {
            Status = ManagementReply.OkStatus,
            Data = new ManagementReplyData
            {
                LoadModel = new LoadedModel
                {
                    Facts = new ModelFacts { Architecture = "llama", ParameterCount = 135_000_000, ContextLength = 2048, FileBytes = 9, ChatTemplate = "{{x}}" },
                },
            },
        };

        byte[] json = ManagementJson.Encode(reply);

        Assert.Equal(reply.Data.LoadModel.Facts, ManagementJson.DecodeReply(json).Data!.LoadModel!.Facts);
        Assert.Contains("\"orchard\":{\"architecture\":\"llama\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Fact]
    public void Reply_RecommendedSampling_RoundTrips()
    {
        var sampling = new Dictionary<string, double> { ["temp"] = 0, ["top_p"] = 0.95, ["top_k"] = -1 };
        var data = new ManagementReplyData { LoadModel = new LoadedModel { Facts = new ModelFacts { Sampling = sampling } } };

        byte[] json = ManagementJson.Encode(new ManagementReply { Status = ManagementReply.OkStatus, Data = data });

        Assert.Equal(sampling, ManagementJson.DecodeReply(json).Data!.LoadModel!.Facts!.Sampling);
    }

    [Fact]
    public void Command_UnknownKeysNullsAndFloats_AreTolerated()
    {
        ManagementCommand command = DecodeCommand(""" { "future" : [1], "client_pid" : 3.0, "type" : "client_register", "model_path" : null } """);

        Assert.Equal(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = 3 }, command);
    }

    [Fact]
    public void Reply_NullMembers_AreTolerated()
    {
        ManagementReply reply = DecodeReply("""{"status":"OK","message":null,"data":{"load_model":{"capabilities":null,"minimum_memory_bytes":null}}}""");

        Assert.True(reply.IsOk);
        Assert.Empty(reply.Data!.LoadModel!.Capabilities);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":null,\"status\":null}")]
    [InlineData("{\"type\":1,\"status\":1}")]
    [InlineData("{\"type\":\"a\",\"status\":\"a\"} x")]
    [InlineData("{\"type\":\"a\",\"status\":\"a\"")]
    [InlineData("{\"type\":\"\\ud800\",\"status\":\"\\ud800\"}")]
    public void Decode_NotAMessage_Throws(string json)
    {
        Assert.Throws<WireException>(() => DecodeCommand(json));
        Assert.Throws<WireException>(() => DecodeReply(json));
    }

    private static ManagementCommand DecodeCommand(string json) => ManagementJson.DecodeCommand(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    private static ManagementReply DecodeReply(string json) => ManagementJson.DecodeReply(Encoding.UTF8.GetBytes(json));
}
