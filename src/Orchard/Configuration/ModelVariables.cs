using System.Globalization;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Processes;

namespace Orchard;

/// <summary>The environment variables for <see cref="ModelOptions"/>.</summary>
internal static class ModelVariables
{
    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Returns the value of a variable, or null.</param>
    /// <exception cref="ArgumentException">A value cannot be used. The message names the variable and the value.</exception>
    public static ModelOptions Read(Func<string, string?> variable)
    {
        var options = new ModelOptions
        {
            ContextLength = Number("ORCHARD_CONTEXT_LENGTH"),
            ParallelSequences = Number("ORCHARD_PARALLEL_SEQUENCES"),
            KeyCacheType = Type("ORCHARD_KEY_CACHE_TYPE"),
            ValueCacheType = Type("ORCHARD_VALUE_CACHE_TYPE"),
            GpuLayers = Number("ORCHARD_GPU_LAYERS"),
            FlashAttention = Flag("ORCHARD_FLASH_ATTENTION"),
            KeepAlive = Seconds(EngineVariables.KeepAlive),
        };
        options.Validate();
        return options;

        int? Number(string name) =>
            Value(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
            : throw Invalid(name, text, "a whole number");

        CacheType? Type(string name) =>
            Value(name) is not { } text ? null
            : Enum.TryParse(text, ignoreCase: true, out CacheType type) && Enum.IsDefined(type) ? type
            : throw Invalid(name, text, "f16, q8_0 or q4_0");

        bool? Flag(string name) => Value(name) switch
        {
            null => null,
            "1" or "true" => true,
            "0" or "false" => false,
            var text => throw Invalid(name, text, "1 or 0"),
        };

        TimeSpan? Seconds(string name) =>
            Value(name) is not { } text ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                && KeepAliveTime.FromSeconds(seconds) is { } time ? time
            : throw Invalid(name, text, "a number of seconds, or -1 for always");

        string? Value(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;
    }

    private static ArgumentException Invalid(string name, string value, string allowed) =>
        new($"The environment variable {name} is '{value}'. Set it to {allowed}, or remove it.");
}
