using System.Text;
using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>
/// Writes tools, calls and results as plain messages, for models whose chat template does not support them: the tools are described in the
/// system message, calls are JSON between two tags in the assistant's turn, and results are in the user's turn. Pure.
/// </summary>
internal static class ToolsAsText
{
    private const string GenericExample = "<tool_call>\n{\"name\": \"the tool's name\", \"arguments\": {}}\n</tool_call>";

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
            Introduce(written, Describe(tools, GenericExample), hasSystem);
        }

        return written;
    }

    /// <summary>Describes tools for a model whose template shows calls and results, but no descriptions of tools.</summary>
    public static IReadOnlyList<Message> Describe(
        IReadOnlyList<Message> messages, IReadOnlyList<Tool> tools, bool hasSystem, CallForm form)
    {
        List<Message> written = [.. messages];
        if (tools.Count > 0)
        {
            var call = new ProbeCall("the tool's name", "0", """{"name of an argument": "its value"}""");
            Introduce(written, Describe(tools, FormWriter.Write(form, call).Trim().Replace('#', '0')), hasSystem);
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

    private static string Describe(IReadOnlyList<Tool> tools, string example)
    {
        var text = new StringBuilder("You can call tools. These are the tools, one JSON object a line:\n");
        text.AppendJoin('\n', ToolJson.Texts(tools)).Append('\n');

        return text
            .Append("\nTo call a tool, answer with nothing but its name and arguments, in this form, once for each call:\n")
            .Append(example)
            .Append("\nIts result comes in the next message")
            .Append(example == GenericExample ? ", as <tool_response>." : ".")
            .Append(" Answer without a call when no tool helps.")
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
