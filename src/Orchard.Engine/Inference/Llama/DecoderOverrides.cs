using Orchard.Protocol;

namespace Orchard.Engine.Inference.Llama;

/// <summary>What environment variables say about all decoders of an engine.</summary>
/// <param name="Threads">Number of threads; null to measure.</param>
/// <param name="Speculates">Whether speculative decoding may be used.</param>
/// <param name="UnifiedCache">Whether all sequences share one KV cache.</param>
internal sealed record DecoderOverrides(int? Threads = null, bool Speculates = true, bool UnifiedCache = false)
{
    /// <summary>Environment variable with the number of threads.</summary>
    public const string ThreadsVariable = "ORCHARD_ENGINE_THREADS";

    /// <summary>Environment variable that disables speculative decoding; see <see cref="DecoderOptions.Speculates"/>.</summary>
    public const string SpeculationVariable = "ORCHARD_ENGINE_SPECULATION";

    /// <summary>Environment variable for the layout of the KV cache; see <see cref="DecoderOptions.UnifiedKeyValueCache"/>.</summary>
    public const string CacheLayoutVariable = "ORCHARD_ENGINE_KV_CACHE";

    private const int MaxThreads = 512;

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Returns the value of a variable, or null.</param>
    /// <exception cref="InvalidSettingException">A variable has a value that is not allowed.</exception>
    public static DecoderOverrides Read(Func<string, string?> environment) => new(
        (int?)Setting.OfVariable(ThreadsVariable, environment).WholeNumber(1, MaxThreads),
        Setting.OfVariable(SpeculationVariable, environment).Flag() ?? true,
        Setting.OfVariable(CacheLayoutVariable, environment).OneOf("split", "unified") == 1);

    /// <summary>Returns the options of a decoder with what the variables say.</summary>
    public DecoderOptions Apply(DecoderOptions options)
    {
        options = options with { Speculates = Speculates, UnifiedKeyValueCache = UnifiedCache };
        return Threads is { } threads ? options with { Threads = threads, MaxThreads = 1, AdaptsThreads = false } : options;
    }
}
