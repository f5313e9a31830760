using System.Text.Json.Serialization.Metadata;

namespace Orchard.Server.Ollama;

/// <summary>How a route writes its answers in lines. Immutable; thread-safe.</summary>
/// <param name="Type">JSON contract of a line.</param>
/// <param name="ToLine">Returns the line of a part, from a line with the members that all have in common; null if it adds nothing.</param>
/// <param name="Join">Returns the only line of an answer that is not streamed, from the lines of its parts and the last one.</param>
/// <param name="ToEnd">Adds what only the last line of an answer has.</param>
internal sealed record OllamaLines<T>(
    JsonTypeInfo<T> Type, Func<ChatDelta, T, T?> ToLine, Func<IReadOnlyList<T>, T, T> Join, Func<T, T> ToEnd)
    where T : OllamaAnswerLine;
