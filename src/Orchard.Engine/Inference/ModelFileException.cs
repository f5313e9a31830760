namespace Orchard.Engine.Inference;

/// <summary>A model file that cannot be used. The message says which file, what is wrong with it, and what to do.</summary>
internal sealed class ModelFileException(string path, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The file as it was asked for.</summary>
    public string Path { get; } = path;
}
