namespace Orchard;

/// <summary>The model file exists, but the engine could not load it.</summary>
public sealed class ModelLoadException : OrchardException
{
    internal ModelLoadException(string model, string message, Exception? innerException = null)
        : base(message, innerException) => Model = model;

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }
}
