using Orchard.Models;
using Orchard.Protocol.Messages;

namespace Orchard.Tests.Models;

/// <summary>Which options count for a model.</summary>
public sealed class ModelSettingsTests
{
    private readonly ModelSettings _settings = new(
        new Dictionary<string, ModelOptions>
        {
            ["Owner/Repository"] = new() { ContextLength = 1, Threads = 1 },
            ["owner/repository:Q8_0"] = new() { ContextLength = 2 },
            ["/models/a.gguf"] = new() { Threads = 3 },
        },
        new ModelOptions { ContextLength = 9, Threads = 9, BatchSize = 9 });

    [Fact]
    public void For_UnknownName_TakesTheDefaults() => Assert.Equal(Options(9, 9, 9), _settings.For(["starter"]));

    [Fact]
    public void For_AnyTag_TakesTheOptionsOfTheNameWithoutOne() => Assert.Equal(Options(1, 1, 9), _settings.For(["owner/repository:Q4_K_M"]));

    [Fact]
    public void For_ATag_CountsBeforeTheNameWithoutOne() => Assert.Equal(Options(2, 1, 9), _settings.For(["owner/repository:Q8_0"]));

    [Fact]
    public void For_SeveralNames_TheFirstCounts() => Assert.Equal(Options(1, 1, 9), _settings.For(["owner/repository", "/models/a.gguf"]));

    [Fact]
    public void For_OptionsOfACall_CountFirst() =>
        Assert.Equal(Options(5, 3, 9), _settings.For(["/models/a.gguf"], new ModelOptions { ContextLength = 5 }));

    [Fact]
    public void Read_Variables_AreTaken()
    {
        var variables = new Dictionary<string, string>
        {
            ["ORCHARD_CONTEXT_LENGTH"] = "4096",
            ["ORCHARD_PARALLEL_SEQUENCES"] = "4",
            ["ORCHARD_KEY_CACHE_TYPE"] = "q8_0",
            ["ORCHARD_VALUE_CACHE_TYPE"] = "F16",
            ["ORCHARD_GPU_LAYERS"] = "-1",
            ["ORCHARD_FLASH_ATTENTION"] = "1",
            ["ORCHARD_PROJECTOR"] = "none",
            ["ORCHARD_KEEP_ALIVE"] = "-1",
        };

        Assert.Equal(
            new ModelOptions
            {
                ContextLength = 4096,
                ParallelSequences = 4,
                KeyCacheType = CacheType.Q8_0,
                ValueCacheType = CacheType.F16,
                GpuLayers = -1,
                FlashAttention = true,
                Projector = ModelOptions.NoProjector,
                KeepAlive = Timeout.InfiniteTimeSpan,
            },
            ModelVariables.Read(variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData("ORCHARD_CONTEXT_LENGTH", "long")]
    [InlineData("ORCHARD_CONTEXT_LENGTH", "0")]
    [InlineData("ORCHARD_PARALLEL_SEQUENCES", "1025")]
    [InlineData("ORCHARD_GPU_LAYERS", "-2")]
    [InlineData("ORCHARD_KEY_CACHE_TYPE", "q5")]
    [InlineData("ORCHARD_FLASH_ATTENTION", "maybe")]
    [InlineData("ORCHARD_KEEP_ALIVE", "5m")]
    [InlineData("ORCHARD_KEEP_ALIVE", "-2")]
    public void Read_VariableThatCannotBeUsed_IsNamed(string variable, string value)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => ModelVariables.Read(name => name == variable ? value : null));

        Assert.Contains($"{variable} is '{value}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_QuantizedValuesWithoutFlashAttention_IsRefused()
    {
        new ModelOptions { FlashAttention = false, KeyCacheType = CacheType.Q8_0, ValueCacheType = CacheType.F16 }.Validate();

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new ModelOptions { FlashAttention = false, ValueCacheType = CacheType.Q8_0 }.Validate());

        Assert.Equal("ValueCacheType", error.ParamName);
    }

    [Theory]
    [InlineData("/m/a.gguf", "The model file '/m/a.gguf' is empty.", "The engine could not load the model. The model file '/m/a.gguf' is empty.")]
    [InlineData("a", "The model file '/m/a.gguf' is empty.", "The engine could not load the model 'a'. The model file '/m/a.gguf' is empty.")]
    [InlineData("a", "No reason.", "The engine could not load the model 'a' from '/m/a.gguf'. No reason.")]
    [InlineData("/m/a.gguf", "No reason.", "The engine could not load the model '/m/a.gguf'. No reason.")]
    public void ToError_FailedLoad_NamesEverythingOnce(string requested, string message, string expected)
    {
        var model = new ResolvedModel(requested, "/m/a.gguf", "/m/a.gguf");

        Assert.Equal(expected, LoadRequest.ToError(model, new LoadFailure(message, null)).Message);
        Assert.Equal(expected, LoadRequest.ToError(model, new LoadFailure(message, ErrorCode.InsufficientMemory)).Message);
    }

    private static ModelOptions Options(int context, int threads, int batch) => new() { ContextLength = context, Threads = threads, BatchSize = batch };
}
