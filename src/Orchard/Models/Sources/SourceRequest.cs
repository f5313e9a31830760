namespace Orchard.Models.Sources;

/// <summary>A chat request for a source: checked conversations with their options.</summary>
/// <param name="Prompts">The conversations; at least one. Their options are not null.</param>
/// <param name="KeepsFailures">Whether the failure of one conversation is a result; otherwise it ends the request.</param>
/// <param name="IsStream">Whether the caller reads the answers as they are generated.</param>
internal sealed record SourceRequest(IReadOnlyList<ChatPrompt> Prompts, bool KeepsFailures, bool IsStream);
