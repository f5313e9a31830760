using System.Buffers;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

public class SpFrameTests
{
    [Fact]
    public void TryRead_EveryPrefixOfAFrame_WaitsForMore()
    {
        byte[] frame = RawPeer.Frame("hello");
        for (int length = 0; length < frame.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(frame, 0, length);

            Assert.False(SpFrame.TryRead(ref buffer, 1024, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Fact]
    public void TryRead_OneByteSegments_ReadsMessageAndLeavesTheNext()
    {
        using var sequence = new Sequence<byte>();
        foreach (byte b in RawPeer.Frame("hello").Concat(RawPeer.Frame("next")))
        {
            sequence.Append(new[] { b });
        }

        ReadOnlySequence<byte> buffer = sequence.AsReadOnlySequence;
        Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> first));
        Assert.Equal("hello", RawPeer.Text(first));
        Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> second));
        Assert.Equal("next", RawPeer.Text(second));
    }

    [Fact]
    public void TryRead_SegmentsCutAnywhere_ReadsBothMessages()
    {
        byte[] bytes = [.. RawPeer.Frame("hello"), .. RawPeer.Frame("next")];
        for (int first = 0; first < bytes.Length; first++)
        {
            for (int second = first; second < bytes.Length; second++)
            {
                using var sequence = new Sequence<byte>();
                sequence.Append(bytes.AsMemory(0, first));
                sequence.Append(bytes.AsMemory(first, second - first));
                sequence.Append(bytes.AsMemory(second));

                ReadOnlySequence<byte> buffer = sequence.AsReadOnlySequence;
                Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> one));
                Assert.Equal("hello", RawPeer.Text(one));
                Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> other));
                Assert.Equal("next", RawPeer.Text(other));
            }
        }
    }

    [Theory]
    [InlineData(1025UL)]
    [InlineData(1UL << 31)]
    [InlineData((1UL << 60) - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void TryRead_LengthAboveCap_ThrowsWithoutAllocatingForIt(ulong length)
    {
        byte[] header = new byte[SpFrame.HeaderLength];
        SpFrame.WriteHeader(header, unchecked((long)length));

        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<WireException>(() =>
        {
            var buffer = new ReadOnlySequence<byte>(header);
            SpFrame.TryRead(ref buffer, 1024, out _);
        });

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
        Assert.Contains($"{length} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("1024", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_LengthAtCap_IsAccepted()
    {
        var buffer = new ReadOnlySequence<byte>(RawPeer.Frame(new byte[1024]));

        Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> message));
        Assert.Equal(1024, message.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void TryRead_WrongType_ThrowsAtTheFirstByte(byte type)
    {
        var buffer = new ReadOnlySequence<byte>([type]);

        Assert.Throws<WireException>(() => SpFrame.TryRead(ref buffer, 1024, out _));
    }
}
