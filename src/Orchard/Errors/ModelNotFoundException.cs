namespace Orchard;

/// <summary>The model name is neither a known alias nor the path of an existing file.</summary>
public sealed class ModelNotFoundException : OrchardException
{
    internal ModelNotFoundException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }
}
