using System.Text.Json;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Tests.Messages;

namespace Orchard.Tests.Chat;

public sealed class MessageTextVectorTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names =>
    [
        .. VectorFile.Messages.Select(row => row.Data).Where(name => VectorFile.LoadMessage(name).Json.TryGetProperty("expected", out JsonElement expected)
            && expected.ValueKind == JsonValueKind.Object
            && expected.TryGetProperty("message_text", out _)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Append_Vector_GivesTheExpectedText(string name)
    {
        VectorFile vector = VectorFile.LoadMessage(name);
        int payload = vector.Json.GetProperty("payload_offset").GetInt32();

        ResponseDelta delta = ResponseDeltaReader.Read(vector.Sequence.Slice(payload));

        Assert.Equal(vector.Expected.GetProperty("message_text").GetString(), new MessageText().Append(delta));
    }

    [Fact]
    public void Append_MutatedDeltas_NeverFails()
    {
        var text = new MessageText();
        Mutations.Try(
            Mutations.Payloads("msg_delta_"), 0, bytes => _ = text.Append(ResponseDeltaReader.Read(bytes)), e => e is ResponseDeltaException, output);
    }
}
