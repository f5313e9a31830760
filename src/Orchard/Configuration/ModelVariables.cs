using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Processes;

namespace Orchard;

/// <summary>The environment variables for <see cref="ModelOptions"/>.</summary>
internal static class ModelVariables
{
    private static readonly string[] CacheTypes = [.. Enum.GetNames<CacheType>().Select(static name => name.ToLowerInvariant())];

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Returns the value of a variable, or null.</param>
    /// <exception cref="InvalidSettingException">A variable has a value that is not allowed.</exception>
    public static ModelOptions Read(Func<string, string?> environment)
    {
        return new ModelOptions
        {
            ContextLength = (int?)Of("ORCHARD_CONTEXT_LENGTH").WholeNumber(1, int.MaxValue),
            ParallelSequences = (int?)Of("ORCHARD_PARALLEL_SEQUENCES").WholeNumber(1, ModelOptions.MaxParallelSequences),
            KeyCacheType = (CacheType?)Of("ORCHARD_KEY_CACHE_TYPE").OneOf(CacheTypes),
            ValueCacheType = (CacheType?)Of("ORCHARD_VALUE_CACHE_TYPE").OneOf(CacheTypes),
            GpuLayers = (int?)Of("ORCHARD_GPU_LAYERS").WholeNumber(-1, int.MaxValue),
            FlashAttention = Of("ORCHARD_FLASH_ATTENTION").Flag(),
            Projector = Of("ORCHARD_PROJECTOR").Text,
            KeepAlive = Of(EngineVariables.KeepAlive).Seconds(KeepAliveTime.Longest, orAlways: true),
        };

        Setting Of(string name) => Setting.OfVariable(name, environment);
    }
}
