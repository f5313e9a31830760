using System.Text;
using Orchard.Remote.Wire;

namespace Orchard.Remote.Tests;

/// <summary>The splitting of a stream into events, however the bytes arrive.</summary>
public sealed class EventStreamTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\n\ndata: {\"b\":2}\n\n", "{\"a\":1}|{\"b\":2}")]
    [InlineData("data: {\"a\":1}\r\n\r\ndata:{\"b\":2}\r\n\r\n", "{\"a\":1}|{\"b\":2}")]
    [InlineData("data: {\"a\":1}\r\rdata: {\"b\":2}\r\r", "{\"a\":1}|{\"b\":2}")]
    [InlineData("data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n", "{\"a\":1}|{\"b\":2}|[DONE]")]
    [InlineData(": one\n\n:two\nid: 7\nretry: 5\ndata: {\"a\":1}\n\n: three\n\n", "{\"a\":1}")]
    [InlineData("data: {\ndata:  \"a\": 1\ndata: }\n\ndata: {\"b\":2}", "{\n \"a\": 1\n}|{\"b\":2}")]
    [InlineData("event: error\ndata: {\"a\":\"ü🌍\"}\n\ndata: {\"b\":2}\n\n", "!{\"a\":\"ü🌍\"}|{\"b\":2}")]
    [InlineData("error: {\"a\":1}\n\n", "! {\"a\":1}")]
    [InlineData("\n\n\r\n\n", "")]
    [InlineData("data\ndatum: x\nunknown\n\n", "")]
    public void TryRead_AtEverySplit_FindsTheSameEvents(string stream, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                string found = string.Join('|', ReadAll([bytes[..first], bytes[first..second], bytes[second..]]));
                Assert.Equal(expected, found);
            }
        }
    }

    [Fact]
    public void TryRead_EventOfManySizes_IsWhole()
    {
        for (int length = 8180; length < 8200; length++)
        {
            string data = $"{{\"a\":\"{new string('x', length)}\"}}";
            Assert.Equal([data, "{}"], ReadAll([Encoding.UTF8.GetBytes($"data: {data}\n\n"), "data: {}\n\n"u8.ToArray()]));
        }
    }

    [Fact]
    public void GetMemory_EventWithoutEnd_IsRefused()
    {
        using var events = new EventStream();

        Assert.Throws<InvalidDataException>(() => Fill(events));
    }

    private static void Fill(EventStream events)
    {
        while (true)
        {
            Memory<byte> room = events.GetMemory();
            room.Span.Fill((byte)'x');
            events.Advance(room.Length);
            Assert.False(events.TryRead());
        }
    }

    private static List<string> ReadAll(IEnumerable<byte[]> parts)
    {
        var found = new List<string>();
        using var events = new EventStream();
        foreach (byte[] part in parts)
        {
            for (ReadOnlyMemory<byte> rest = part; rest.Length > 0;)
            {
                Memory<byte> room = events.GetMemory();
                int count = Math.Min(room.Length, rest.Length);
                rest[..count].CopyTo(room);
                rest = rest[count..];
                events.Advance(count);
                while (events.TryRead())
                {
                    Add(events, found);
                }
            }
        }

        while (events.TryReadLast())
        {
            Add(events, found);
        }

        return found;
    }

    private static void Add(EventStream events, List<string> found) =>
        found.Add((events.IsError ? "!" : "") + Encoding.UTF8.GetString(events.Data));
}
