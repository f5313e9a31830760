using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Sockets;
using Orchard.Protocol.Tests.Sockets;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>
/// Damaged messages, the same ones in every run: a decoder either takes them or says so in its own exception, and in both cases makes
/// do with memory in proportion to what it was given. <c>ORCHARD_FUZZ_FRAMES</c> says how many each decoder is given,
/// <c>ORCHARD_FUZZ_SEED</c> which.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    // An exception with its stack costs some kilobytes, and so do the buffers of the JSON reader on its first use.
    private const long FixedAllocation = 256 * 1024;
    private const long AllocationPerByte = 256;

    private static readonly long Tries = Setting("ORCHARD_FUZZ_FRAMES", 100_000);
    private static readonly int Seed = (int)Setting("ORCHARD_FUZZ_SEED", 11);

    private static readonly string[] Tokens =
    [
        "null", "-1", "1e999", "0.5", "18446744073709551615", "18446744073709551616", "9223372036854775808", "\"\\ud800\"", "[", "]", "{", "}", ",", ":",
        "\"", "\\", "true", "[null]", "{}", "\"request_id\"", "\"layout_count\":", "\"prompts\":[{}]", "\0", "\u00ff",
    ];

    [Fact]
    public void RequestFrameReader_MutatedFrames_ThrowsOnlyItsOwnException()
    {
        byte[][] seeds = [.. VectorFile.Requests.Select(row => VectorFile.LoadRequest(row.Data).Bytes)];

        Try(seeds, 4, bytes => _ = RequestFrameReader.Read(bytes), e => e is RequestFrameException);
    }

    [Fact]
    public void ResponseDeltaReader_MutatedDeltas_ThrowsOnlyItsOwnException() => Try(
        Payloads("msg_delta_"), 0, bytes => _ = ResponseDeltaReader.Read(bytes), e => e is ResponseDeltaException);

    [Fact]
    public void MessageText_MutatedDeltas_NeverFails()
    {
        var text = new MessageText();
        Try(Payloads("msg_delta_"), 0, bytes => _ = text.Append(ResponseDeltaReader.Read(bytes)), e => e is ResponseDeltaException);
    }

    [Fact]
    public void EngineEvent_MutatedEvents_ThrowsOnlyWireException() => Try(
        Payloads("msg_event_"), 0, bytes => _ = EngineEvent.Read(bytes), e => e is WireException);

    [Fact]
    public void ManagementJson_MutatedCommands_ThrowsOnlyWireException()
    {
        byte[][] requests = [.. Commands.Select(c => Encoding.UTF8.GetBytes(c.GetProperty("request").GetRawText()))];

        Try(requests, 0, bytes => _ = ManagementJson.DecodeCommand(bytes), e => e is WireException);
    }

    [Fact]
    public void ManagementJson_MutatedReplies_ThrowsOnlyWireException()
    {
        byte[][] replies = [.. Commands.SelectMany(c => c.GetProperty("replies").EnumerateArray()).Select(r => Encoding.UTF8.GetBytes(r.GetProperty("reply").GetRawText()))];

        Try(replies, 0, bytes => _ = ManagementJson.DecodeReply(bytes.ToArray()), e => e is WireException);
    }

    [Fact]
    public void SpFrame_MutatedStreams_ThrowsOnlyWireException()
    {
        byte[][] streams =
        [
            [.. RawPeer.Frame("one"), .. RawPeer.Frame(""), .. RawPeer.Frame("and a longer one")],
            .. VectorFile.Requests.Take(4).Select(row => RawPeer.Frame(Encoding.Latin1.GetString(VectorFile.LoadRequest(row.Data).Bytes))),
        ];

        Try(
            streams,
            0,
            bytes =>
            {
                long left;
                do
                {
                    left = bytes.Length;
                }
                while (SpFrame.TryRead(ref bytes, 64 * 1024, out ReadOnlySequence<byte> message) && bytes.Length + message.Length < left);
            },
            e => e is WireException);
    }

    [Fact]
    public void SpHeader_MutatedHeaders_ThrowsOnlyWireException() => Try(
        [SpHeader.Encode(SpProtocol.Pub), SpHeader.Encode(SpProtocol.Rep), SpHeader.Encode(SpProtocol.Pull)],
        0,
        bytes =>
        {
            if (bytes.Length >= SpHeader.Length)
            {
                SpHeader.Verify(bytes.Slice(0, SpHeader.Length).ToArray(), SpProtocol.Sub);
            }
        },
        e => e is WireException);

    [Theory]
    [InlineData("believes the length")]
    [InlineData("runs off the end")]
    public void Mutations_CarelessReader_IsCaught(string fault)
    {
        byte[][] seeds = [.. VectorFile.Requests.Select(row => VectorFile.LoadRequest(row.Data).Bytes)];

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Try(
            seeds,
            4,
            bytes =>
            {
                byte[] frame = bytes.ToArray();
                int length = BitConverter.ToInt32(frame); // both: a frame of less than four bytes
                _ = fault == "believes the length" ? GC.AllocateUninitializedArray<byte>(length & 0xFFFFFF) : [frame[length + 3]];
            },
            e => e is RequestFrameException));
    }

    private static JsonElement[] Commands => [.. VectorFile.LoadManagement().GetProperty("commands").EnumerateArray()];

    private static byte[][] Payloads(string prefix) => [.. VectorFile.Messages
        .Select(row => row.Data)
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(VectorFile.LoadMessage)
        .Select(vector => vector.Bytes[(prefix == "msg_event_" ? Topic.Event.Length : vector.Json.GetProperty("payload_offset").GetInt32())..])];

    private static long Setting(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out long value) ? value : otherwise;

    private void Try(byte[][] seeds, int prefixLength, Action<ReadOnlySequence<byte>> decode, Func<Exception, bool> isExpected)
    {
        var random = new Random(Seed);
        long most = 0;
        long refused = 0;
        for (long i = 0; i < Tries; i++)
        {
            byte[] mutated = Mutate(random, seeds[i % seeds.Length], prefixLength);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySequence<byte> bytes = i % 2 == 0 ? new(mutated) : Frames.Split(mutated, random.Next(mutated.Length + 1));
            try
            {
                decode(bytes);
            }
            catch (Exception e) when (isExpected(e))
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Mutation {i} of seed {Seed}: {e}\n{Convert.ToBase64String(mutated)}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            if (allocated > FixedAllocation + (AllocationPerByte * mutated.Length))
            {
                Assert.Fail($"Mutation {i} of seed {Seed}, {mutated.Length} bytes, took {allocated} bytes of memory:\n{Convert.ToBase64String(mutated)}");
            }
        }

        output.WriteLine($"{Tries} messages of seed {Seed}: {refused} refused, at most {most} bytes of memory for one");
    }

    private static byte[] Mutate(Random random, byte[] seed, int prefixLength)
    {
        List<byte> bytes = [.. seed];
        int rounds = random.Next(1, 4);
        for (int round = 0; round < rounds && bytes.Count > 0; round++)
        {
            int before = bytes.Count;
            int at = random.Next(before);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    FixPrefix(bytes, before, prefixLength);
                    break;
                case 4:
                    int length = Math.Min(random.Next(1, 40), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    FixPrefix(bytes, before, prefixLength);
                    break;
                default:
                    ReplaceNumber(random, bytes, at);
                    FixPrefix(bytes, before, prefixLength);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts a nasty number in place of the next one, so that mutations get past the JSON parser.</summary>
    private static void ReplaceNumber(Random random, List<byte> bytes, int at)
    {
        int start = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return;
        }

        int end = bytes.FindIndex(start, b => b is < (byte)'0' or > (byte)'9');
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(Tokens[random.Next(1, 7)]));
    }

    /// <summary>Lets the length prefix follow a metadata that grew or shrank, so that more than the prefix is tested.</summary>
    private static void FixPrefix(List<byte> bytes, int before, int prefixLength)
    {
        if (prefixLength == 0 || bytes.Count < prefixLength)
        {
            return;
        }

        byte[] prefix = [.. bytes.Take(4)];
        int length = BitConverter.ToInt32(prefix) + bytes.Count - before;
        BitConverter.TryWriteBytes(prefix, length);
        for (int i = 0; i < prefix.Length; i++)
        {
            bytes[i] = prefix[i];
        }
    }
}
