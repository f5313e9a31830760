using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>Loads LoRA adapters of one model. Thread-safe.</summary>
internal interface IAdapterLoader
{
    /// <summary>Returns the adapters, loading those that are not loaded yet; null for an empty list.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, not an adapter, or an adapter of another model.</exception>
    AdapterSet? Load(IReadOnlyList<LoraSettings> adapters);
}
