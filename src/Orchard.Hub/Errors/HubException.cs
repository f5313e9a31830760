namespace Orchard.Hub.Errors;

/// <summary>A failure to find, download or store a model. Callers convert it to their own exceptions.</summary>
internal sealed class HubException(HubErrorKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public HubErrorKind Kind { get; } = kind;

    /// <summary>The page of the repository, for <see cref="HubErrorKind.Access"/>.</summary>
    public Uri? Page { get; init; }

    /// <summary>Bytes that are stored and will not be transferred again, for <see cref="HubErrorKind.Download"/>.</summary>
    public long? ReceivedBytes { get; init; }

    /// <summary>Bytes of the file, for <see cref="HubErrorKind.Download"/>.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Names that exist and are similar to the one that was not found.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}
