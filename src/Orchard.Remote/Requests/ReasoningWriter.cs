using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Remote.Requests;

/// <summary>Writes whether and how much the model reasons, and the variables of the chat template.</summary>
internal static class ReasoningWriter
{
    /// <summary>Writes the members of a request.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="profile">What the server supports.</param>
    /// <param name="options">The options.</param>
    /// <param name="refused">Receives the names of options that cannot be expressed.</param>
    public static void Write(Utf8JsonWriter json, ServerProfile profile, GenerationOptions options, List<string> refused)
    {
        WriteEffort(json, profile.Reasoning, options);
        bool switches = profile.Reasoning == ReasoningFields.Variables
            && (options.EnableReasoning is not null || options.ReasoningEffort is not null);
        bool hasVariables = profile.TemplateVariables && options.TemplateVariables.Count > 0;
        if (options.TemplateVariables.Count > 0 && !profile.TemplateVariables)
        {
            refused.Add(nameof(options.TemplateVariables));
        }

        if (!switches && !hasVariables)
        {
            return;
        }

        json.WriteStartObject("chat_template_kwargs"u8);
        if (switches && !options.TemplateVariables.ContainsKey("enable_thinking"))
        {
            json.WriteBoolean("enable_thinking"u8, options.EnableReasoning ?? true);
        }

        if (switches && options.ReasoningEffort is { } effort && !options.TemplateVariables.ContainsKey("reasoning_effort"))
        {
            json.WriteString("reasoning_effort"u8, NameOf(effort));
        }

        foreach ((string name, JsonNode? value) in options.TemplateVariables)
        {
            json.WritePropertyName(name);
            if (value is null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteEffort(Utf8JsonWriter json, ReasoningFields fields, GenerationOptions options)
    {
        if (fields == ReasoningFields.Orchard)
        {
            if (options.ReasoningEffort is { } level)
            {
                json.WriteString("reasoning_effort"u8, ReasoningEffortNames.Of(level));
            }
            else if (options.EnableReasoning is { } isOn)
            {
                json.WriteBoolean("enable_thinking"u8, isOn);
            }
        }
        else if (options.ReasoningEffort is { } effort)
        {
            json.WriteString("reasoning_effort"u8, NameOf(effort));
        }
        else if (fields == ReasoningFields.Effort && options.EnableReasoning is { } isEnabled)
        {
            json.WriteString("reasoning_effort"u8, isEnabled ? "medium"u8 : "none"u8);
        }
    }

    // Few servers know less than low.
    private static string NameOf(ReasoningEffort effort) =>
        ReasoningEffortNames.Of(effort == ReasoningEffort.Minimal ? ReasoningEffort.Low : effort)!;
}
