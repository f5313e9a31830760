using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Models;

/// <summary>Converts <see cref="ModelOptions"/> to what the engine gets.</summary>
internal static class LoadRequest
{
    /// <summary>Returns the extensions of a load command.</summary>
    /// <param name="model">The model, with its options.</param>
    /// <param name="usesMemoryMap">Whether the file is mapped if the options do not say.</param>
    /// <exception cref="ModelLoadException">The projector that the options specify does not exist.</exception>
    public static LoadExtensions Create(ResolvedModel model, bool usesMemoryMap) =>
        Create(model.Options, usesMemoryMap, ProjectorChoice.Of(model)) with { DraftModel = model.DraftPath };

    private static LoadExtensions Create(ModelOptions options, bool usesMemoryMap, ProjectorChoice projector) => new()
    {
        Projector = projector.Path,
        ProjectorIsOptional = projector.IsOptional ? true : null,
        UsesMemoryMap = options.UseMemoryMap ?? usesMemoryMap ? null : false,
        LocksMemory = options.LockMemory,
        KeepsPrefixes = options.KeepPrefixesOnDisk,
        ContextLength = options.ContextLength,
        ParallelSequences = options.ParallelSequences,
        KeyCacheType = Name(options.KeyCacheType),
        ValueCacheType = Name(options.ValueCacheType),
        GpuLayers = options.GpuLayers,
        Devices = options.Devices is { Count: > 0 } devices ? [.. devices] : null,
        FlashAttention = options.FlashAttention,
        Threads = options.Threads,
        BatchSize = options.BatchSize,
        RopeScaling = Name(options.RopeScaling),
        RopeFrequencyBase = options.RopeFrequencyBase,
        RopeFrequencyScale = options.RopeFrequencyScale,
        RopeOriginalContextLength = options.RopeOriginalContextLength,
        Pooling = EmbeddingPoolingNames.Of(options.Pooling ?? EmbeddingPooling.Unspecified),
        KeepAliveSeconds = KeepAliveTime.ToSeconds(options.KeepAlive),
        KeepsWhileConnected = options.KeepWhileConnected,
    };

    /// <summary>Returns the error for a refused load.</summary>
    public static OrchardException ToError(ResolvedModel model, LoadFailure failure) => failure.Code switch
    {
        ErrorCode.ModelOptionsConflict => new ModelOptionsConflictException(
            model.RequestedId, $"The model '{model.RequestedId}' cannot be used with the required options: {failure.Message}"),
        ErrorCode.InsufficientMemory => new ModelMemoryException(
            model.RequestedId, Describe(model, failure.Message)),
        ErrorCode.DraftModel => new DraftModelException(
            model.RequestedId, model.Options.DraftModel ?? "", $"The model '{model.RequestedId}' was not loaded. {failure.Message}"),
        _ => new ModelLoadException(model.RequestedId, Describe(model, failure.Message)),
    };

    // Most messages name the file, which may be what the user has named.
    private static string Describe(ResolvedModel model, string message)
    {
        bool isPath = model.RequestedId == model.Path;
        bool namesPath = message.Contains(model.Path, StringComparison.Ordinal);
        string name = isPath && namesPath ? "" : $" '{model.RequestedId}'";
        string path = isPath || namesPath ? "" : $" from '{model.Path}'";
        return $"The engine could not load the model{name}{path}. {message}";
    }

    private static string? Name<T>(T? value)
        where T : struct, Enum =>
        value?.ToString().ToLowerInvariant();
}
