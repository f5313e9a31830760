using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Inference;

namespace Orchard.Engine.Tests.Native;

/// <summary>Tests that measure this process and would measure other tests with it.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>KV caches that take memory only for the tokens in them.</summary>
[Collection(nameof(RunsAlone))]
public sealed class ReservedMemoryTests(StarterModel starter) : IClassFixture<StarterModel>
{
    // 4,608 bytes per token: more than a gigabyte for all of them.
    private static readonly DecoderOptions Large = new() { SequenceCapacity = 32, ContextLength = 8192, ReservesMemory = true };

    [Fact]
    public void IsSupported_OnLinux() => Assert.Equal(OperatingSystem.IsLinux(), ReservedMemory.IsSupported);

    [Fact]
    public void Decode_ReservedCache_GivesTheLogitsOfAnAllocatedOne()
    {
        using LlamaDecoder allocated = starter.CreateDecoder(Large with { SequenceCapacity = 2, ContextLength = 512, ReservesMemory = false });
        using LlamaDecoder reserved = starter.CreateDecoder(Large with { SequenceCapacity = 2, ContextLength = 512 });

        for (int start = 0; start < 500; start += 100)
        {
            Assert.Equal(Feed(allocated, start), Feed(reserved, start));
        }
    }

    [Fact]
    public void Create_LargeCache_TakesMemoryForWhatIsUsedOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reserving is supported on Linux.");
        long before = ResidentBytes();
        using LlamaDecoder decoder = starter.CreateDecoder(Large);
        Feed(decoder, 0);

        Assert.InRange(ResidentBytes() - before, long.MinValue, 256L << 20);
    }

    [Fact]
    public void Clear_UsedCache_GivesItsMemoryBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reserving is supported on Linux.");
        using LlamaDecoder decoder = starter.CreateDecoder(Large);
        Feed(decoder, 0);
        for (int slot = 2; slot < 8; slot++)
        {
            Assert.True(decoder.CopySequence(1, slot, 100)); // writes the whole room of the slot
        }

        Feed(decoder, 100);
        long used = ResidentBytes();

        decoder.Clear();

        Assert.InRange(used - ResidentBytes(), 50L << 20, 400L << 20);
    }

    private static long ResidentBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    private static float[] Feed(LlamaDecoder decoder, int start)
    {
        decoder.Decode([.. Enumerable.Range(start, 100).Select(i => new BatchToken(300 + (i * 37 % 500), i, 1, i == start + 99))]);
        return decoder.GetLogits(99).ToArray();
    }
}
