using Orchard.Protocol;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// A LoRA adapter: changes to a model's weights, read from a small file and applied while an answer is generated. Immutable.
/// </summary>
/// <remarks>
/// The file and the scale are checked by the call that uses the adapter, which fails with <see cref="ArgumentException"/> if there is no
/// such file or the scale is outside its range.
/// </remarks>
public sealed class LoraAdapter
{
    /// <summary>Creates an adapter from a file.</summary>
    /// <param name="path">
    /// Path of the adapter's GGUF file; the adapter must have been made for the model. A leading <c>~</c> is the user's home directory.
    /// </param>
    /// <param name="scale">Strength of the changes, -100 to 100 (default: 1, as trained).</param>
    public LoraAdapter(string path, double scale = 1)
    {
        Path = path;
        Scale = scale;
    }

    /// <summary>Path of the adapter's GGUF file.</summary>
    public string Path { get; }

    /// <summary>Strength of the changes, -100 to 100; 1 applies them as trained.</summary>
    public double Scale { get; }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path) || !File.Exists(UserPath.GetFullPath(Path)))
        {
            throw new ArgumentException(
                $"LoraAdapters contains the path '{Path}', which is not an existing file. Give the path of the adapter's GGUF file.",
                nameof(GenerationOptions.LoraAdapters));
        }

        OptionRange.Require(Scale is >= -100 and <= 100, Scale, "-100 to 100", "LoraAdapters.Scale");
    }
}
