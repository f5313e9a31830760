using System.Buffers;
using System.Globalization;
using System.Text;
using Orchard.Protocol.Messages;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>
/// Feeds damaged messages to a decoder, the same messages in every run. <c>ORCHARD_FUZZ_FRAMES</c> sets how many (default: 100,000),
/// <c>ORCHARD_FUZZ_SEED</c> which.
/// </summary>
internal static class Mutations
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

    /// <summary>The payloads of the message vectors whose names start with a prefix.</summary>
    public static byte[][] Payloads(string prefix) => [.. VectorFile.Messages
        .Select(row => row.Data)
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(VectorFile.LoadMessage)
        .Select(vector => vector.Bytes[(prefix == "msg_event_" ? Topic.Event.Length : vector.Json.GetProperty("payload_offset").GetInt32())..])];

    private static long Setting(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out long value) ? value : otherwise;

    public static void Try(
        byte[][] seeds, int prefixLength, Action<ReadOnlySequence<byte>> decode, Func<Exception, bool> isExpected, ITestOutputHelper output)
    {
        var random = new Random(Seed);
        long most = 0;
        long refused = 0;
        for (long i = 0; i < Tries; i++)
        {
            byte[] mutated = Mutate(random, seeds[i % seeds.Length], prefixLength);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySequence<byte> bytes = i % 2 == 0 ? new(mutated) : Encoded.Split(mutated, random.Next(mutated.Length + 1));
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

    /// <summary>Replaces the next number by an extreme one, so that the message is still valid JSON.</summary>
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

    /// <summary>Adjusts the length prefix to metadata that grew or shrank, so that the test gets past the prefix.</summary>
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
