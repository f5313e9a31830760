namespace Orchard;

/// <summary>
/// The hub does not give access to the repository, or a server to the model. The message says where to ask for it, and where a
/// token or a key is read.
/// </summary>
public sealed class ModelAccessException : OrchardException
{
    internal ModelAccessException(string model, string message, Uri? page, Exception? innerException)
        : base(message, innerException)
    {
        Model = model;
        Page = page;
    }

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }

    /// <summary>The page of the repository, where its conditions can be accepted; null if unknown.</summary>
    public Uri? Page { get; }
}
