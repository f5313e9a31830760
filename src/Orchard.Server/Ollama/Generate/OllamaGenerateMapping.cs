using Orchard.Server.Generation;
using Orchard.Server.Ollama.Chat;

namespace Orchard.Server.Ollama.Generate;

/// <summary>Maps requests to answer a prompt, and answers to lines. Pure.</summary>
internal static class OllamaGenerateMapping
{
    /// <summary>Returns the prompt; null if the model is only to be loaded.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static ChatPrompt? ToPrompt(OllamaGenerateRequest request, ICollection<string> ignored)
    {
        GenerationOptions options = OllamaOptions.Read(new Field("options", request.Options), request.Fields, ignored);
        Message? question = string.IsNullOrEmpty(request.Prompt)
            ? null
            : Message.User(OllamaMessages.Content(new Field("images", request.Images), request.Prompt));
        return question is null ? null
            : request.Raw is true ? RawPrompt.Of(question, options)
            : string.IsNullOrEmpty(request.System) ? new ChatPrompt([question], options)
            : new ChatPrompt([Message.System(request.System), question], options);
    }

    /// <summary>Returns the line of a part; null if it adds nothing.</summary>
    /// <param name="part">The part.</param>
    /// <param name="frame">A line with the members that all have in common.</param>
    public static OllamaGenerateLine? ToLine(ChatDelta part, OllamaGenerateLine frame) => part.Text.Length + part.Reasoning.Length == 0
        ? null
        : frame with { Response = part.Text, Thinking = part.Reasoning.Length > 0 ? part.Reasoning : null };

    /// <summary>Returns the only line of an answer that is not streamed.</summary>
    /// <param name="lines">The lines of its parts.</param>
    /// <param name="end">The last line.</param>
    public static OllamaGenerateLine Join(IReadOnlyList<OllamaGenerateLine> lines, OllamaGenerateLine end)
    {
        string thinking = string.Concat(lines.Select(static line => line.Thinking));
        return end with
        {
            Response = string.Concat(lines.Select(static line => line.Response)),
            Thinking = thinking.Length > 0 ? thinking : null,
        };
    }
}
