namespace Orchard.Remote.Errors;

/// <summary>Why an attempt to send a request failed.</summary>
/// <param name="Error">What the caller receives if there is no further attempt.</param>
internal sealed record Failure(Exception Error)
{
    /// <summary>Whether a further attempt can succeed.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether the server, rather than the request, is the reason.</summary>
    public bool IsOfServer { get; init; }

    /// <summary>How long the server asks to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
