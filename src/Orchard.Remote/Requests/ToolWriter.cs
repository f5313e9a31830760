using System.Text.Json;

namespace Orchard.Remote.Requests;

/// <summary>Writes the tools, and whether they can, must or must not be called.</summary>
internal static class ToolWriter
{
    /// <summary>Writes the tools as members of a request.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="profile">What the server supports.</param>
    /// <param name="options">The options.</param>
    /// <param name="refused">Receives the names of options that cannot be expressed.</param>
    public static void Write(Utf8JsonWriter json, ServerProfile profile, GenerationOptions options, List<string> refused)
    {
        ToolChoice choice = options.ToolChoice;
        if (options.Tools.Count == 0 || choice.Kind == ToolChoiceKind.None)
        {
            return; // without tools there are no calls, and the prompt does not describe them
        }

        bool isOnly = choice.Kind == ToolChoiceKind.Named && profile is { NamedChoice: false, ToolChoices: true };
        WriteTools(json, isOnly ? options.Tools.Where(tool => tool.Name == choice.Name) : options.Tools);
        if (!profile.ToolChoices)
        {
            Refuse(choice.Kind != ToolChoiceKind.Auto, nameof(options.ToolChoice));
        }
        else if (choice.Kind == ToolChoiceKind.Named && !isOnly)
        {
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, choice.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("tool_choice"u8, choice.Kind == ToolChoiceKind.Auto ? "auto"u8 : "required"u8);
        }

        if (profile.CallCounts)
        {
            json.WriteNumber("min_tool_calls"u8, options.MinToolCalls);
            if (options.MaxToolCalls is { } most)
            {
                json.WriteNumber("max_tool_calls"u8, most);
            }

            return;
        }

        Refuse(options.MinToolCalls > 1, nameof(options.MinToolCalls));
        if (options.MaxToolCalls == 1 && profile.ToolChoices)
        {
            json.WriteBoolean("parallel_tool_calls"u8, false); // other numbers are kept by leaving out the calls beyond
        }

        void Refuse(bool isRefused, string option)
        {
            if (isRefused)
            {
                refused.Add(option);
            }
        }
    }

    private static void WriteTools(Utf8JsonWriter json, IEnumerable<Tool> tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (Tool tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            if (tool.Description.Length > 0)
            {
                json.WriteString("description"u8, tool.Description);
            }

            json.WritePropertyName("parameters"u8);
            tool.Parameters.WriteTo(json);
            if (tool.IsStrict)
            {
                json.WriteBoolean("strict"u8, true);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
