using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>Loads LoRA adapters for one model. Thread-safe.</summary>
internal interface IAdapterLoader
{
    /// <summary>The adapters, loaded if they are not yet; null for none.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, no adapter, or one for another model.</exception>
    AdapterSet? Load(IReadOnlyList<LoraSettings> adapters);
}
