using System.Buffers;
using System.Text;
using Orchard.Protocol.Messages;

namespace Orchard.Protocol.Tests.Messages;

public class TopicFilterTests
{
    [Theory]
    [InlineData("resp:ab:{}", TopicKind.Response, "{}")]
    [InlineData("resp:ab:", TopicKind.Response, "")]
    [InlineData("__PIE_EVENT__:telemetry", TopicKind.Event, "telemetry")]
    [InlineData("resp:abc:{}", TopicKind.Foreign, "resp:abc:{}")]
    [InlineData("resp:a:{}", TopicKind.Foreign, "resp:a:{}")]
    [InlineData("resp:AB:{}", TopicKind.Foreign, "resp:AB:{}")]
    [InlineData("resp:ab", TopicKind.Foreign, "resp:ab")]
    [InlineData("__PIE_EVENT__", TopicKind.Foreign, "__PIE_EVENT__")]
    [InlineData("", TopicKind.Foreign, "")]
    public void Classify_Message_SplitsTopicAndPayload(string message, object kind, string payload)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        var filter = new TopicFilter(0xAB);
        for (int at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(kind, filter.Classify(Encoded.Split(bytes, at), out ReadOnlySequence<byte> rest));
            Assert.Equal(payload, Encoding.UTF8.GetString(rest));
        }
    }

    [Theory]
    [InlineData(0ul, "resp:0:")]
    [InlineData(0x1a2bdeadbeeful, "resp:1a2bdeadbeef:")]
    [InlineData(ulong.MaxValue, "resp:ffffffffffffffff:")]
    public void ForResponses_Channel_IsLowerHexWithoutLeadingZeros(ulong channel, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(Topic.ForResponses(channel)));
}
