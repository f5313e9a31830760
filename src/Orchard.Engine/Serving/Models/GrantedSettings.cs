using Orchard.Engine.Inference;

namespace Orchard.Engine.Serving.Models;

/// <summary>How a model was loaded, and what was requested. Decides whether it can serve clients with other settings.</summary>
/// <param name="Requested">The settings of the load.</param>
/// <param name="ContextLength">Most tokens in one sequence.</param>
/// <param name="Sequences">Number of sequences that are computed at the same time.</param>
/// <param name="KeyType">Type of the keys in the KV cache.</param>
/// <param name="ValueType">Type of the values in the KV cache.</param>
/// <param name="LimitedBy">What limits the context length.</param>
internal sealed record GrantedSettings(
    ModelSettings Requested, int ContextLength, int Sequences, CacheType KeyType, CacheType ValueType, ContextLimit LimitedBy)
{
    /// <summary>The settings of a model about which nothing is known. It serves all clients.</summary>
    public static GrantedSettings Unknown { get; } =
        new(ModelSettings.Default, int.MaxValue, int.MaxValue, CacheType.F16, CacheType.F16, ContextLimit.Model);

    /// <summary>
    /// Returns how a client's settings contradict those of the loaded model, or null. A smaller need is served by what is larger, and a
    /// context that is limited by the model or the memory is as long as it can be.
    /// </summary>
    public string? ConflictWith(ModelSettings other)
    {
        ModelSettings own = Requested;
        return AtLeast("ContextLength", ContextLength, LimitedBy == ContextLimit.Option ? other.ContextLength : null)
            ?? AtLeast("ParallelSequences", Math.Max(Sequences, own.Sequences ?? 0), other.Sequences)
            ?? Precise("KeyCacheType", KeyType, other.KeyType)
            ?? Precise("ValueCacheType", ValueType, other.ValueType)
            ?? Equal("GpuLayers", own.GpuLayers, other.GpuLayers)
            ?? Equal("FlashAttention", own.FlashAttention, other.FlashAttention)
            ?? Equal("Pooling", own.Pooling, other.Pooling)
            ?? AtLeast("Threads", own.Threads, other.Threads)
            ?? AtLeast("BatchSize", own.BatchTokens, other.BatchTokens)
            ?? (!other.KeepsPrefixes && own.KeepsPrefixes ? Text("KeepPrefixesOnDisk", "true", "false") : null)
            ?? (other.LocksMemory && !own.LocksMemory ? Text("LockMemory", "false", "true") : null)
            ?? (other.Projector is { } projector && projector != own.Projector && !other.IsProjectorOptional
                ? Text("Projector", own.Projector ?? ModelSettings.NoProjector, projector)
                : null)
            ?? (other.DraftModel is { } draft && draft != own.DraftModel ? Text("DraftModel", own.DraftModel ?? "null", draft) : null)
            ?? (other.Rope.IsSet && other.Rope != own.Rope ? Text("the RoPE settings", own.Rope, other.Rope) : null)
            ?? (other.Devices.Count > 0 && !other.Devices.SequenceEqual(own.Devices)
                ? Text("Devices", Join(own.Devices), Join(other.Devices))
                : null);
    }

    private static string? AtLeast(string name, int? own, int? other) => other > own ? Text(name, own, other) : null;

    private static string? Precise(string name, CacheType own, CacheType? other) =>
        other > own ? Text(name, own.Name(), other.Value.Name()) : null;

    private static string? Equal<T>(string name, T? own, T? other)
        where T : struct =>
        other is not null && own is not null && !own.Equals(other) ? Text(name, own, other) : null;

    private static string Join(IReadOnlyList<string> names) => names.Count == 0 ? "all" : string.Join(", ", names);

    private static string Text(string name, object? own, object? other) =>
        FormattableString.Invariant($"it was loaded with {name} = {own}, and this client requires {other}");
}
