using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Clients with different options for one model.</summary>
public sealed class ModelOptionsTests : IAsyncDisposable
{
    private const ulong Assigned = 1ul << 63;

    private readonly ServingHarness _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Load_AllOptions_ReachTheLoader()
    {
        await LoadAsync(new LoadExtensions
        {
            UsesMemoryMap = false,
            LocksMemory = true,
            KeepsPrefixes = false,
            ContextLength = 128,
            ParallelSequences = 3,
            KeyCacheType = "q8_0",
            ValueCacheType = "q4_0",
            GpuLayers = -1,
            Devices = ["CUDA0"],
            FlashAttention = true,
            Threads = 5,
            BatchSize = 64,
            RopeScaling = "yarn",
            RopeFrequencyBase = 10_000,
            RopeFrequencyScale = 0.5,
            RopeOriginalContextLength = 4_096,
            Pooling = "mean",
        });

        ModelSettings settings = _engine.Loader.Requested!;
        Assert.Equal(["CUDA0"], settings.Devices);
        Assert.Equal(
            new ModelSettings
            {
                MapsFile = false,
                LocksMemory = true,
                KeepsPrefixes = false,
                ContextLength = 128,
                Sequences = 3,
                KeyType = CacheType.Q8,
                ValueType = CacheType.Q4,
                GpuLayers = -1,
                Devices = settings.Devices,
                FlashAttention = true,
                Threads = 5,
                BatchTokens = 64,
                Rope = new RopeSettings("yarn", 10_000, 0.5, 4_096),
                Pooling = Pooling.Mean,
            },
            settings);
    }

    [Theory]
    [InlineData("context_length", 0)]
    [InlineData("parallel_sequences", 1025)]
    [InlineData("threads", 0)]
    [InlineData("batch_size", 0)]
    [InlineData("gpu_layers", -2)]
    public async Task Load_NumberOutOfRange_IsRefusedByName(string name, int value)
    {
        var options = new LoadExtensions
        {
            ContextLength = name == "context_length" ? value : null,
            ParallelSequences = name == "parallel_sequences" ? value : null,
            Threads = name == "threads" ? value : null,
            BatchSize = name == "batch_size" ? value : null,
            GpuLayers = name == "gpu_layers" ? value : null,
        };

        ManagementReply reply = await ExecuteAsync(options);

        Assert.Equal(ErrorCode.InvalidRequest, reply.ErrorCode);
        Assert.Contains($"{name} is {value}", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_QuantizedValuesWithoutFlashAttention_IsRefused()
    {
        ManagementReply reply = await ExecuteAsync(new LoadExtensions { ValueCacheType = "q8_0", FlashAttention = false });

        Assert.Contains("flash_attention", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_SmallerNeed_IsServedByWhatIsLoaded()
    {
        await LoadAsync(new LoadExtensions { ContextLength = 200, ParallelSequences = 8, KeyCacheType = "f16", Threads = 4 });

        await LoadAsync(new LoadExtensions { ContextLength = 100, ParallelSequences = 2, KeyCacheType = "q8_0", Threads = 2 }, client: 2);
        await LoadAsync(null, client: 3);

        Assert.Equal(1, _engine.Loader.Loads);
    }

    [Fact]
    public async Task Load_MoreThanTheModelIsTrainedWith_IsServedByWhatIsLoaded()
    {
        await LoadAsync(null);

        await LoadAsync(new LoadExtensions { ContextLength = 100_000 }, client: 2);

        Assert.Equal(1, _engine.Loader.Loads);
    }

    [Fact]
    public async Task Load_LargerNeedWhileIdle_LoadsAgainWithWhatBothNeed()
    {
        await LoadAsync(new LoadExtensions { ContextLength = 200, KeyCacheType = "f16" });
        Use(1);

        await LoadAsync(new LoadExtensions { ContextLength = 100, ParallelSequences = 64 }, client: 2);

        Assert.Equal(2, _engine.Loader.Loads);
        Assert.Equal((200, 64, CacheType.F16), (_engine.Loader.Requested!.ContextLength, _engine.Loader.Requested.Sequences, _engine.Loader.Requested.KeyType));
    }

    [Fact]
    public async Task Load_LargerNeedWhileInUse_IsRefusedWithBothValues()
    {
        await LoadAsync(new LoadExtensions { ContextLength = 100 });
        using ModelUse? use = _engine.Models.Find(ServingHarness.ModelId)!.TryUse(Assigned | 1);

        ManagementReply reply = await ExecuteAsync(new LoadExtensions { ContextLength = 200 }, client: 2);

        Assert.Equal(ErrorCode.ModelOptionsConflict, reply.ErrorCode);
        Assert.Contains("ContextLength = 100", reply.Message, StringComparison.Ordinal);
        Assert.Contains("200", reply.Message, StringComparison.Ordinal);
        Assert.Equal(1, _engine.Loader.Loads);
    }

    [Fact]
    public async Task Load_LargerNeedOfTheSameClientBeforeItsFirstUse_LoadsAgain()
    {
        await LoadAsync(new LoadExtensions { ContextLength = 100 });

        await LoadAsync(new LoadExtensions { ContextLength = 200 });

        Assert.Equal(2, _engine.Loader.Loads);
    }

    [Fact]
    public async Task Load_LargerNeedBeforeTheFirstUseOfAnotherClient_IsRefusedAndSaysWhy()
    {
        await LoadAsync(new LoadExtensions { ContextLength = 100 });

        ManagementReply reply = await ExecuteAsync(new LoadExtensions { ContextLength = 200 }, client: 2);

        Assert.Equal(ErrorCode.ModelOptionsConflict, reply.ErrorCode);
        Assert.Contains("just been loaded by another client", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ParallelSequences = 32")]
    [InlineData("KeyCacheType = q4_0")]
    [InlineData("Threads = 2")]
    [InlineData("GpuLayers = 1")]
    [InlineData("Pooling = Mean")]
    [InlineData("LockMemory = false")]
    [InlineData("KeepPrefixesOnDisk = true")]
    [InlineData("RoPE")]
    [InlineData("Devices = CPU")]
    public async Task Load_ConflictWhileInUse_NamesTheOption(string expected)
    {
        await LoadAsync(new LoadExtensions { KeyCacheType = "q4_0", Threads = 2, GpuLayers = 1, Pooling = "mean", Devices = ["CPU"] });
        using ModelUse? use = _engine.Models.Find(ServingHarness.ModelId)!.TryUse(Assigned | 1);

        ManagementReply reply = await ExecuteAsync(
            expected switch
            {
                "ParallelSequences = 32" => new LoadExtensions { ParallelSequences = 33 },
                "KeyCacheType = q4_0" => new LoadExtensions { KeyCacheType = "q8_0" },
                "Threads = 2" => new LoadExtensions { Threads = 3 },
                "GpuLayers = 1" => new LoadExtensions { GpuLayers = 2 },
                "Pooling = Mean" => new LoadExtensions { Pooling = "last" },
                "LockMemory = false" => new LoadExtensions { LocksMemory = true },
                "KeepPrefixesOnDisk = true" => new LoadExtensions { KeepsPrefixes = false },
                "RoPE" => new LoadExtensions { RopeFrequencyScale = 0.5 },
                _ => new LoadExtensions { Devices = ["CUDA0"] },
            },
            client: 2);

        Assert.Equal(ErrorCode.ModelOptionsConflict, reply.ErrorCode);
        Assert.Contains(expected, reply.Message, StringComparison.Ordinal);
    }

    private void Use(int client) => _engine.Models.Find(ServingHarness.ModelId)!.TryUse(Assigned | (uint)client)!.Dispose();

    private async Task LoadAsync(LoadExtensions? options, int client = 1)
    {
        ManagementReply reply = await ExecuteAsync(options, client);
        Assert.True(reply.IsOk, reply.Message);
    }

    private Task<ManagementReply> ExecuteAsync(LoadExtensions? options, int client = 1) => _engine.ExecuteAsync(
        _engine.LoadCommand(wait: true) with { Extensions = options, ResponseChannelId = Assigned | (uint)client });
}
