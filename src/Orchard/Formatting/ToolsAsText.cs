using System.Text;
using System.Text.Json;

namespace Orchard.Formatting;

/// <summary>
/// Writes tools, calls and results as plain messages, for models whose chat template does not support them: the tools are described in the
/// system message, calls are JSON between two tags in the assistant's turn, and results are in the user's turn. Pure.
/// </summary>
internal static class ToolsAsText
{
    public static IReadOnlyList<Message> Write(IReadOnlyList<Message> messages, IReadOnlyList<Tool> tools, bool hasSystem)
    {
        var written = new List<Message>(messages.Count + 1);
        bool lastIsResult = false;
        foreach (Message message in messages)
        {
            if (message.Role != MessageRole.Tool)
            {
                written.Add(message.ToolCalls.Count == 0 ? message : message.WithText(WithCalls(message)).WithCalls([], null));
                lastIsResult = false;
                continue;
            }

            Message result = ResultAsUser(message);
            if (lastIsResult)
            {
                written[^1] = Message.User($"{written[^1].Text}\n{result.Text}"); // templates require alternating turns
            }
            else
            {
                written.Add(result);
            }

            lastIsResult = true;
        }

        if (tools.Count > 0)
        {
            Introduce(written, Describe(tools), hasSystem);
        }

        return written;
    }

    /// <summary>Returns the result of a tool as a message of the user.</summary>
    public static Message ResultAsUser(Message result) => Message.User($"<tool_response>\n{result.Text}\n</tool_response>");

    private static string WithCalls(Message message)
    {
        var text = new StringBuilder(message.Text);
        foreach (ToolCall call in message.ToolCalls)
        {
            text.Append(text.Length > 0 ? "\n" : "")
                .Append("<tool_call>\n{\"name\": \"").Append(call.Name)
                .Append("\", \"arguments\": ").Append(call.Arguments)
                .Append("}\n</tool_call>");
        }

        return text.ToString();
    }

    private static string Describe(IReadOnlyList<Tool> tools)
    {
        var text = new StringBuilder("You can call tools. These are the tools, one JSON object a line:\n");
        foreach (JsonElement tool in ToolJson.Template(tools).EnumerateArray())
        {
            text.Append(tool.GetProperty("function").GetRawText()).Append('\n');
        }

        return text
            .Append("\nTo call a tool, answer with nothing but its name and arguments, in this form, once for each call:\n")
            .Append("<tool_call>\n{\"name\": \"the tool's name\", \"arguments\": {}}\n</tool_call>\n")
            .Append("Its result comes in the next message, as <tool_response>. Answer without a call when no tool helps.")
            .ToString();
    }

    // Without support for system messages, the description is at the beginning of the user's message.
    private static void Introduce(List<Message> messages, string description, bool hasSystem)
    {
        MessageRole role = hasSystem ? MessageRole.System : MessageRole.User;
        if (messages[0].Role == role)
        {
            string text = messages[0].Text;
            messages[0] = messages[0].WithText(role == MessageRole.System ? Join(text, description) : Join(description, text));
        }
        else
        {
            messages.Insert(0, new Message(role, description));
        }
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first}\n\n{second}";
}
