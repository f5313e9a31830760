namespace Orchard.Engine.Inference;

/// <summary>A model file cannot be used. The message has the file, the problem, and what to do about it.</summary>
internal sealed class ModelFileException(string path, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Path of the file as requested.</summary>
    public string Path { get; } = path;
}
