namespace Orchard;

/// <summary>The model name is no known alias, no existing file or folder, and no model of the hub.</summary>
public sealed class ModelNotFoundException : OrchardException
{
    internal ModelNotFoundException(
        string model, string message, IReadOnlyList<string>? suggestions = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Model = model;
        Suggestions = suggestions ?? [];
    }

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }

    /// <summary>Names of models that exist: the most similar ones, or those of the repository. Can be empty.</summary>
    public IReadOnlyList<string> Suggestions { get; }
}
