using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>Maps the body of a request for a chat completion to a prompt. Pure.</summary>
internal static class ChatRequestMapping
{
    /// <summary>Returns the conversation and how to continue it.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static ChatPrompt ToPrompt(ChatCompletionRequest request, ICollection<string> ignored) =>
        new(ChatMessages.Read(new Field("messages", request.Messages)), ToOptions(request, ignored));

    /// <summary>Returns how to generate.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static GenerationOptions ToOptions(ChatCompletionRequest request, ICollection<string> ignored)
    {
        var start = new GenerationOptions
        {
            Tools = ToolFields.Read(new Field("tools", request.Tools), ignored),
            IgnoreUnsupportedReasoning = true,
        };
        return ToolChoiceField.Apply(
            GenerationFields.ApplyTo(start, request.Fields, ignored), new Field("tool_choice", request.ToolChoice));
    }
}
