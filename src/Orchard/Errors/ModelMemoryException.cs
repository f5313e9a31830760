namespace Orchard;

/// <summary>
/// There is not enough memory for the model, even if all models leave that may. The message has the numbers, and the options to change.
/// </summary>
public sealed class ModelMemoryException : OrchardException
{
    internal ModelMemoryException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }
}
