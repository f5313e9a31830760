namespace Orchard.Remote.Errors;

/// <summary>Who was asked for what, for messages.</summary>
/// <param name="Address">The server.</param>
/// <param name="Model">The model, as the caller named it.</param>
/// <param name="ApiKey">The key, which is removed from what the server says; null for none.</param>
/// <param name="RequestId">The request's id, by which the server's log has it.</param>
internal sealed record ErrorScene(Uri Address, string Model, string? ApiKey, string RequestId)
{
    private const int MaxQuoted = 600;

    /// <summary>The models that the server offers, as a caller names them; empty if unknown.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>Returns what the server said, for a message: a sentence, or nothing.</summary>
    public string Quote(string message)
    {
        // The key is removed first: a part of it at the end of what is quoted would not be found.
        string shown = ApiKey is { Length: > 0 } key ? message.Replace(key, "***", StringComparison.Ordinal) : message;
        return shown.Length == 0 ? "" : $" It says: '{(shown.Length > MaxQuoted ? $"{shown[..MaxQuoted]}…" : shown)}'";
    }
}
