using Orchard.Validation;

namespace Orchard.Calls.Chat;

/// <summary>Checks the tool calls and results of a conversation.</summary>
internal static class ToolRules
{
    /// <exception cref="ArgumentException">A call or a result has no counterpart, or a call names an unknown tool.</exception>
    public static void Check(IReadOnlyList<Message> messages, GenerationOptions options)
    {
        var pairing = new ToolCallPairing("Message", nameof(messages), "message created with Message.Tool", options.Tools);
        for (int i = 0; i < messages.Count; i++)
        {
            Message message = messages[i];
            if (message.Role == MessageRole.Tool)
            {
                pairing.AddResult(message.ToolCallId, i);
                continue;
            }

            pairing.RequireResults(i);
            foreach (ToolCall? call in message.ToolCalls)
            {
                OptionRange.ThrowIf(call is null, nameof(messages), $"Message {i} has a tool call that is null.");
                OptionRange.ThrowIf(
                    message.Role != MessageRole.Assistant,
                    nameof(messages),
                    $"Message {i} has tool calls, but its role is {message.Role}, not Assistant.");
                pairing.AddCall(call!.Id, call.Name, call.Arguments, i);
            }
        }

        pairing.RequireResults();
    }
}
