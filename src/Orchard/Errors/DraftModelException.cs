namespace Orchard;

/// <summary>
/// The model that <see cref="ModelOptions.DraftModel"/> names cannot draft for the model. The message says why: there is no such file, or
/// in what their vocabularies differ. Without the option, the model can be loaded.
/// </summary>
public sealed class DraftModelException : OrchardException
{
    internal DraftModelException(string model, string draftModel, string message, Exception? innerException = null)
        : base(message, innerException) => (Model, DraftModel) = (model, draftModel);

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }

    /// <summary>The draft model as the options name it.</summary>
    public string DraftModel { get; }
}
