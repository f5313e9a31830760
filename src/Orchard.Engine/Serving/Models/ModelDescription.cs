using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>Describes a loaded model for clients.</summary>
internal static class ModelDescription
{
    /// <param name="model">The model.</param>
    /// <param name="granted">How it was loaded.</param>
    /// <param name="reservedBytes">Memory that it takes at most.</param>
    /// <param name="passedSelfTest">Result of the self-test; null if there was none.</param>
    /// <param name="devices">Where its layers are; null if the library has decided that.</param>
    /// <param name="projection">Which projector was found.</param>
    /// <param name="projector">The loaded projector; null if there is none.</param>
    public static LoadedModel Of(
        LlamaModel model,
        GrantedSettings granted,
        long reservedBytes,
        bool? passedSelfTest,
        DevicePlan? devices,
        ProjectorPlan projection,
        IMediaProjector? projector)
    {
        IReadOnlyDictionary<string, string> templates = model.Header.ChatTemplates;
        return new LoadedModel
        {
            MinimumMemoryBytes = (ulong)reservedBytes,
            Facts = new ModelFacts
            {
                Architecture = model.Architecture,
                ParameterCount = model.ParameterCount,
                ContextLength = granted.ContextLength,
                ContextLimitedBy = granted.LimitedBy.ToString().ToLowerInvariant(),
                ParallelSequences = granted.Sequences,
                KeyCacheType = granted.KeyType.Name(),
                ValueCacheType = granted.ValueType.Name(),
                ReservedBytes = reservedBytes,
                FileBytes = model.FileBytes,
                ChatTemplate = model.ChatTemplate,
                BeginToken = model.BeginText,
                EndToken = model.EndText,
                ControlTokens = model.ControlTexts,
                ChatTemplates = templates.Count == 0 ? null : templates.ToDictionary(StringComparer.Ordinal),
                SpecialTokens = model.SpecialTexts.Count == 0 ? null : model.SpecialTexts,
                Sampling = model.Header.Sampling.Count == 0 ? null : model.Header.Sampling.ToDictionary(StringComparer.Ordinal),
                Quantization = model.Header.Quantization,
                TrainedContextLength = model.ContextLength > 0 ? model.ContextLength : null,
                EmbeddingLength = model.Header.EmbeddingLength > 0 ? model.Header.EmbeddingLength : null,
                PassedSelfTest = passedSelfTest,
                Devices = devices is { IsOnHost: false } ? [.. DevicesOf(devices, reservedBytes)] : null,
                InputModalities = [.. ModalitiesOf(projector)],
                Projector = projector?.Path,
                ProjectorProblem = projection.Problem,
                DraftModel = granted.Requested.DraftModel,
                Pooling = (granted.Requested.Pooling ?? model.Header.Pooling)?.ToString().ToLowerInvariant(),
            },
        };
    }

    private static IEnumerable<string> ModalitiesOf(IMediaProjector? projector)
    {
        yield return "text";
        if (projector?.Takes(MediaKind.Image) == true)
        {
            yield return "image";
        }

        if (projector?.Takes(MediaKind.Audio) == true)
        {
            yield return "audio";
        }
    }

    private static IEnumerable<ModelDevice> DevicesOf(DevicePlan devices, long reservedBytes)
    {
        foreach (DeviceShare share in devices.Shares)
        {
            yield return new ModelDevice { Name = share.Name, Layers = share.Layers, Bytes = share.Bytes };
        }

        if (devices.Layers < devices.AllLayers || devices.HostExperts > 0)
        {
            long bytes = Math.Max(0, reservedBytes - devices.Shares.Sum(static share => share.Bytes));
            yield return new ModelDevice { Name = "CPU", Layers = devices.AllLayers - devices.Layers, Bytes = bytes };
        }
    }
}
