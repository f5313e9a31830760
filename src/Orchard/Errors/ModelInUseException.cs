namespace Orchard;

/// <summary>The model was not unloaded because it is in use.</summary>
public sealed class ModelInUseException : OrchardException
{
    internal ModelInUseException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }
}
