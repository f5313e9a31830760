namespace Orchard;

/// <summary>
/// The model is loaded with other options than the client requires, and in use, so that it cannot be loaded again. The message names the
/// option and both values.
/// </summary>
public sealed class ModelOptionsConflictException : OrchardException
{
    internal ModelOptionsConflictException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }
}
