using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels;

namespace Orchard.Engine.Tests.Inference.Devices;

/// <summary>How much of a model is planned to be on GPUs, by arithmetic alone.</summary>
public sealed class DeviceFitTests
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    // 32 layers of 128 MiB and an output of 256 MiB; a token takes 128 KiB, so that 8,192 tokens take 1 GiB.
    private static readonly DeviceNeeds Dense = new([.. Enumerable.Repeat(new LayerSize(128 * MiB, 0), 32)], 256 * MiB, 128 << 10, 0, 128 * MiB);

    // The same with 1 GiB of experts in each layer.
    private static readonly DeviceNeeds Sparse = Dense with { Layers = [.. Enumerable.Repeat(new LayerSize(128 * MiB, GiB), 32)] };

    [Fact]
    public void MuchMemory_AllLayersAndAllSequences()
    {
        DevicePlan plan = Fit(Dense, Request(longest: 8192, sequences: 8), 80)!;

        Assert.Equal((33, 8, 8192), (plan.Layers, plan.Sequences, plan.ContextLength));
        Assert.Equal(4352 * MiB + (8 * GiB) + (128 * MiB), Assert.Single(plan.Shares).Bytes, MiB);
    }

    [Theory]
    [InlineData(24, 4)]  // several conversations, each longer than usual
    [InlineData(8.5, 2)]
    [InlineData(7, 1)]
    public void ContextThatDoesNotFit_GetsShorter_BeforeLayersLeave(double gigabytes, int sequences)
    {
        DevicePlan plan = Fit(Dense, Request(longest: 131_072, sequences: 32), gigabytes)!;

        Assert.Equal((33, sequences), (plan.Layers, plan.Sequences));
        Assert.InRange(plan.ContextLength, DeviceFit.UsualContext, 131_071);
        Assert.Equal(0, plan.ContextLength % 256);
    }

    [Fact]
    public void RequiredContext_IsNotShortened_LayersLeave()
    {
        DevicePlan plan = Fit(Dense, Request(longest: 32_768, sequences: 32, isRequired: true), 7)!;

        Assert.Equal((32_768, 1), (plan.ContextLength, plan.Sequences));
        Assert.InRange(plan.Layers, 1, 32);
    }

    [Theory]
    [InlineData(6.5, 33)]
    [InlineData(4, 17)]
    [InlineData(2, 1)]
    [InlineData(0.1, 0)]
    public void LessMemory_FewerLayers(double gigabytes, int least)
    {
        DevicePlan plan = Fit(Dense, Request(longest: 8192, sequences: 1), gigabytes)!;

        Assert.InRange(plan.Layers, least, 33);
        Assert.Equal(gigabytes < 6.5, plan.Layers < 33);
        long used = plan.Shares.Sum(share => share.Bytes);
        Assert.True(used <= gigabytes * GiB * 7 / 8, $"{used}");
    }

    [Fact]
    public void Experts_GoToTheHost_BeforeDenseWeights()
    {
        DevicePlan plan = Fit(Sparse, Request(longest: 8192, sequences: 1, hasExperts: true), 20)!;

        Assert.Equal(33, plan.Layers);
        Assert.InRange(plan.HostExperts, 15, 25);
    }

    [Fact]
    public void ExpertsAndLayers_GoToTheHost_IfEvenTheDenseWeightsDoNotFit()
    {
        DevicePlan plan = Fit(Sparse, Request(longest: 8192, sequences: 1, hasExperts: true), 3)!;

        Assert.Equal(32, plan.HostExperts);
        Assert.InRange(plan.Layers, 1, 32);
    }

    [Fact]
    public void SeveralGpus_HoldConsecutiveLayers_TheGreatestFirst()
    {
        DevicePlan plan = Fit(Dense, Request(longest: 8192, sequences: 1), 4, 3)!;

        Assert.Equal(33, plan.Layers);
        Assert.Equal(["CUDA0", "CUDA1"], plan.Shares.Select(share => share.Name));
        Assert.True(plan.Shares[0].Layers > plan.Shares[1].Layers);
    }

    [Fact]
    public void HybridModel_TakesMemoryForTheLayersThatHaveAKvCache()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.gguf");
        HybridModel.Write(path);
        DeviceNeeds needs = DeviceNeeds.Of(GgufHeader.Read(path), cacheBytesPerToken: 3 * MiB, computeBytes: 0);

        long[] cache = [.. Enumerable.Range(0, 12).Select(layer => needs.BytesOf(layer, 0, 100, 0) - needs.BytesOf(layer, 0, 0, 0))];
        long[] state = [.. Enumerable.Range(0, 12).Select(layer => needs.BytesOf(layer, 0, 0, 9) - needs.BytesOf(layer, 0, 0, 0))];

        Assert.All(cache, (bytes, layer) => Assert.InRange(bytes - (layer % 4 == 3 ? 100 * MiB : 0), -1, 1));
        Assert.All(state, (bytes, layer) => Assert.InRange(bytes - (layer % 4 == 3 ? 0 : needs.StateBytesPerSequence), -1, 1));
    }

    [Fact]
    public void DeviceWithALimitForTensors_GetsAKvCacheWithinIt()
    {
        // A layer has 4 KiB per token, half of them keys.
        var device = new ComputeDevice("Vulkan0", 80 * GiB) { LargestTensorBytes = 128 * MiB };

        DevicePlan plan = new DeviceFit(new LayerPlacement(Dense, [device]), Request(longest: 32_768, sequences: 8)).Find()!;

        Assert.Equal(33, plan.Layers);
        Assert.InRange((long)plan.ContextLength * plan.Sequences, 32_768, 128 * MiB / (2 << 10));
    }

    [Fact]
    public void GpuThatIsNotNeeded_IsNotUsed() =>
        Assert.Equal("CUDA0", Assert.Single(Fit(Dense, Request(longest: 8192, sequences: 1), 16, 16)!.Shares).Name);

    [Fact]
    public void LittleMemoryInAll_ShortensTheContextTo4096()
    {
        // Weights and buffers take 4.5 GiB of the 5.2 that host and GPU have.
        DevicePlan plan = Fit(Dense, Request(longest: 131_072, sequences: 4) with { MemoryBytes = 52 * GiB / 10 }, 3)!;

        Assert.Equal((DeviceFit.LeastContext, 1), (plan.ContextLength / 256 * 256 < 8192 ? DeviceFit.LeastContext : 0, plan.Sequences));
        Assert.InRange(plan.ContextLength, DeviceFit.LeastContext, DeviceFit.UsualContext - 1);
    }

    [Fact]
    public void LittleMemoryInAll_AndAGpuThatHoldsEverything_AllLayersStayThere()
    {
        DevicePlan plan = Fit(Dense, Request(longest: 131_072, sequences: 4) with { MemoryBytes = 52 * GiB / 10 }, 24)!;

        Assert.Equal(plan.AllLayers, plan.Layers);
        Assert.InRange(plan.ContextLength, DeviceFit.LeastContext, DeviceFit.UsualContext - 1);
    }

    [Fact]
    public void RequiredLayers_AreAllThere_OrThereIsNoPlan()
    {
        DeviceRequest request = Request(longest: 8192, sequences: 4);

        Assert.Equal(20, Fit(Dense, request with { Layers = 20 }, 6)!.Layers);
        Assert.Equal(33, Fit(Dense, request with { Layers = -1 }, 6)!.Layers);
        Assert.Equal(33, Fit(Dense, request with { Layers = 99 }, 6)!.Layers);
        Assert.True(Fit(Dense, request with { Layers = 0 }, 6)!.IsOnHost);
        Assert.Null(Fit(Dense, request with { Layers = -1 }, 4));
    }

    [Fact]
    public void EveryPlan_StaysWithinTheMemory()
    {
        var random = new Random(27);
        for (int i = 0; i < 2000; i++)
        {
            var needs = new DeviceNeeds(
                [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => new LayerSize(random.NextInt64(256 * MiB), random.Next(2) * random.NextInt64(GiB)))],
                random.NextInt64(GiB),
                random.Next(1 << 20),
                random.Next(2) * random.Next(1 << 24),
                random.NextInt64(GiB));
            double[] free = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextDouble() * 24)];
            DeviceRequest request = Request(random.Next(64, 131_072), random.Next(1, 33), random.Next(2) == 0, needs.HasExperts) with
            {
                Layers = random.Next(4) == 0 ? random.Next(-1, 90) : null,
            };
            DevicePlan? plan = Fit(needs, request, free);
            if (plan is null or { IsOnHost: true })
            {
                continue;
            }

            Assert.InRange(plan.Layers, 1, needs.Layers.Count + 1);
            Assert.InRange(plan.ContextLength, request.IsContextRequired ? request.LongestContext : 1, request.LongestContext);
            Assert.InRange(plan.Sequences, 1, request.Sequences);
            int next = needs.Layers.Count + 1 - plan.Layers;
            foreach (DeviceShare share in plan.Shares)
            {
                long bytes = needs.ComputeBytes;
                for (int layer = 0; layer < share.Layers; layer++)
                {
                    bytes += needs.BytesOf(next++, plan.HostExperts, (long)plan.ContextLength * plan.Sequences, plan.Sequences);
                }

                Assert.Equal(bytes, share.Bytes);
                Assert.True(bytes <= free[share.Name[^1] - '0'] * GiB, $"plan {i}: {plan}");
            }
        }
    }

    private static DevicePlan? Fit(DeviceNeeds needs, DeviceRequest request, params double[] gigabytes)
    {
        ComputeDevice[] devices =
        [
            .. gigabytes.Select((free, i) => new ComputeDevice($"CUDA{i}", (long)(free * GiB))).OrderByDescending(device => device.FreeBytes),
        ];
        return new DeviceFit(new LayerPlacement(needs, devices), request).Find();
    }

    private static DeviceRequest Request(int longest, int sequences, bool isRequired = false, bool hasExperts = false) => new()
    {
        LongestContext = longest,
        Sequences = sequences,
        IsContextRequired = isRequired,
        HasExperts = hasExperts,
        MemoryBytes = 1000 * GiB,
        FixedBytes = 4480 * MiB,
        CacheBytesPerToken = 128 << 10,
    };
}
