namespace Orchard.Calls.Telemetry;

/// <summary>What telemetry records of a chat request. Contains no text of the conversations.</summary>
/// <param name="Model">The model, as the caller named it.</param>
/// <param name="ConversationCount">Conversations in the request.</param>
/// <param name="CommonOptions">The options that all conversations share; null when they differ.</param>
/// <param name="IsStream">Whether the caller reads the answer as it is generated.</param>
/// <param name="Served">Returns what is known of the request once it is rendered; null before.</param>
internal sealed record ObservedRequest(
    string Model, int ConversationCount, GenerationOptions? CommonOptions, bool IsStream, Func<ServedRequest?> Served);
