using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;

namespace Orchard.Engine.Serving.Models;

/// <summary>Places the layers of models on GPUs that have memory of their own. Thread-safe.</summary>
/// <param name="findGpus">Returns these GPUs, those that have one of the names or all; null to ask the library.</param>
internal sealed class GpuPlacement(Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>>? findGpus = null)
{
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>> _findGpus = findGpus ?? LlamaDevices.Gpus;

    /// <summary>Bytes that are free on all GPUs together.</summary>
    public long FreeBytes => _findGpus([]).Sum(static device => device.FreeBytes);

    /// <summary>Whether a model is in the memory of the system alone: a GPU's own memory is used when the model is loaded.</summary>
    public bool IsOnHost(ModelSettings settings) => _findGpus(settings.Devices).Count == 0;

    /// <summary>Returns the settings with as many layers on the GPUs as fit, unless the client says how many.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="memoryBytes">Memory that the model may take.</param>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public ModelSettings Apply(string path, ModelSettings settings, long memoryBytes)
    {
        IReadOnlyList<ComputeDevice> devices = _findGpus(settings.Devices);
        if (settings.GpuLayers is not null || devices.Count == 0)
        {
            return settings;
        }

        GgufHeader header = GgufHeader.Read(path);
        var plan = new DecoderPlan(header, settings, Machine.Current());
        DecoderOptions options = plan.Within(memoryBytes - plan.FixedBytes);
        long cache = plan.CacheBytes((long)options.SequenceCapacity * options.ContextLength) + plan.StateBytes(options.SequenceCapacity);
        return settings with { GpuLayers = GpuLayers.ThatFit(header, cache, devices) };
    }
}
