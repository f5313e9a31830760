using Orchard.Validation;

namespace Orchard;

/// <summary>A LoRA adapter: a small file of changes to a model's weights, applied while an answer is generated. Immutable.</summary>
/// <param name="Path">Path of the adapter's GGUF file, which must have been made for the model.</param>
/// <param name="Scale">How strongly it changes the model, -100 to 100 (default: 1, as it was trained).</param>
public sealed record LoraAdapter(string Path, double Scale = 1)
{
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path) || !File.Exists(Path))
        {
            throw new ArgumentException(
                $"LoraAdapters has the path '{Path}'; allowed is that of an existing GGUF file of an adapter.", nameof(GenerationOptions.LoraAdapters));
        }

        OptionRange.Require(Scale is >= -100 and <= 100, Scale, "-100 to 100", "LoraAdapters.Scale");
    }
}
