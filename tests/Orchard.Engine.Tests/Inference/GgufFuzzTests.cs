using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// Reads randomly damaged headers, with a fixed seed. The reader must accept them or throw <see cref="ModelFileException"/>, and use memory
/// proportional to the file. For longer runs, set <c>ORCHARD_FUZZ_HEADERS=1000000</c> and another <c>ORCHARD_FUZZ_SEED</c>.
/// </summary>
public sealed class GgufFuzzTests(ITestOutputHelper output)
{
    private const long FixedAllocation = 128 * 1024;
    private const long AllocationPerByte = 16;

    private static readonly int Tries = Setting("ORCHARD_FUZZ_HEADERS", 10_000);
    private static readonly int Seed = Setting("ORCHARD_FUZZ_SEED", 11);

    private static readonly ulong[] NastyNumbers =
        [0, 1, 255, 256, int.MaxValue, uint.MaxValue, (ulong)uint.MaxValue + 1, long.MaxValue, (ulong)long.MaxValue + 1, ulong.MaxValue];

    [Fact]
    public void Read_DamagedHeaders_ThrowsOnlyItsOwnException()
    {
        byte[][] seeds = Seeds();
        var random = new Random(Seed);
        long most = 0;
        int refused = 0;
        TimeSpan longest = default;
        for (int i = 0; i < Tries; i++)
        {
            byte[] file = Mutate(random, seeds[i % seeds.Length]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                using var stream = new MemoryStream(file);
                _ = GgufHeader.Read(stream, "fuzzed.gguf");
            }
            catch (ModelFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Mutation {i} of seed {Seed}: {e}\n{Convert.ToBase64String(file)}");
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            longest = elapsed > longest ? elapsed : longest;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            if (allocated > FixedAllocation + (AllocationPerByte * file.Length))
            {
                Assert.Fail($"Mutation {i} of seed {Seed}, {file.Length} bytes, took {allocated} bytes of memory:\n{Convert.ToBase64String(file)}");
            }
        }

        output.WriteLine($"{Tries} headers of seed {Seed}: {refused} refused, at most {most} bytes of memory and {longest.TotalMilliseconds:F1} ms for one");
        Assert.InRange(refused, 1, Tries - 1); // neither all the same nor all broken
    }

    private static byte[][] Seeds()
    {
        GgufBuilder Model(uint version = 3) => new GgufBuilder { Version = version }
            .Text("general.architecture", "tiny")
            .Number("general.alignment", 32)
            .Number("general.file_type", 7)
            .Number("tiny.context_length", 2048)
            .Number("tiny.block_count", 2)
            .Number("tiny.embedding_length", 64)
            .Number("tiny.attention.head_count", 4)
            .Number("tiny.pooling_type", 1)
            .Number("tokenizer.ggml.bos_token_id", 1)
            .Text("general.type", "model")
            .Text("tokenizer.ggml.model", "llama")
            .Text("tiny.rope.scaling.type", "yarn")
            .Number("tiny.expert_count", 4)
            .Value("tiny.expert_used_count", 10, writer => writer.Write(2UL))
            .Value("tiny.rope.freq_base", 12, writer => writer.Write(1e6))
            .Value("split.no", 2, writer => writer.Write((ushort)0))
            .Value("split.count", 2, writer => writer.Write((ushort)1))
            .Value("tokenizer.ggml.eos_token_ids", 9, writer =>
            {
                writer.Write(5);
                writer.Write(2UL);
                Array.ForEach([1, 2], writer.Write);
            })
            .Text("tokenizer.chat_template", "{{ messages }}")
            .Text("tokenizer.chat_template.tool_use", "{{ tools }}")
            .Value("tokenizer.ggml.tokens", 9, writer =>
            {
                writer.Write(8);
                writer.Write(256UL);
                for (int i = 0; i < 256; i++)
                {
                    writer.Write(6UL);
                    writer.Write(Encoding.ASCII.GetBytes($"<0x{i:X2}>"));
                }
            })
            .Value("tiny.attention.head_count_kv", 9, writer =>
            {
                writer.Write(5);
                writer.Write(3UL);
                Array.ForEach([1, 0, 4], writer.Write);
            })
            .Tensor("w", 8, 64, 2)
            .Tensor("cls.weight", 0, 4)
            .Data(512);
        return [Model().Build(), Model(version: 2).Build(), new GgufBuilder().Text("general.architecture", "x").Tensor("w", 0, 4).Build()];
    }

    private static byte[] Mutate(Random random, byte[] seed)
    {
        List<byte> bytes = [.. seed];
        int rounds = random.Next(1, 4);
        for (int round = 0; round < rounds && bytes.Count > 8; round++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count / 2), random.Next(1, Math.Min(40, bytes.Count / 2))));
                    break;
                default:
                    byte[] number = BitConverter.GetBytes(NastyNumbers[random.Next(NastyNumbers.Length)]);
                    for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = number[i];
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
