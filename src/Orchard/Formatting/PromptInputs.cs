using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Formatting.Forms;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;
using Orchard.Validation;

namespace Orchard.Formatting;

/// <summary>The inputs of a prompt besides its messages. Immutable.</summary>
internal sealed record PromptInputs
{
    public static PromptInputs None { get; } = new();

    /// <summary>The template to use, by name or as text; null for the model's default.</summary>
    public string? Template { get; init; }

    /// <summary>Additional template variables.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>The tools that the model may call.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether the model should reason; null for the template's default.</summary>
    public bool? Thinking { get; init; }

    /// <summary>Reasoning effort; null for the template's default.</summary>
    public string? Effort { get; init; }

    /// <summary>Whether <see cref="Thinking"/> has no effect if the template does not support it.</summary>
    public bool MayIgnoreThinking { get; init; }

    /// <exception cref="ArgumentException">A variable cannot be converted for templates. The message names it.</exception>
    public static PromptInputs From(GenerationOptions options)
    {
        if (options is { ChatTemplate: null, TemplateVariables.Count: 0, Tools.Count: 0, EnableReasoning: null, ReasoningEffort: null })
        {
            return None;
        }

        var variables = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in options.TemplateVariables)
        {
            variables[name] = ToValue(name, value);
        }

        return new PromptInputs
        {
            Template = options.ChatTemplate,
            Variables = variables,
            Tools = options.ToolChoice.Kind == ToolChoiceKind.None ? [] : options.Tools,
            Thinking = options.EnableReasoning ?? (options.ReasoningEffort is null ? null : true),
            Effort = ReasoningEffortNames.Of(options.ReasoningEffort),
            MayIgnoreThinking = options.IgnoreUnsupportedReasoning,
        };
    }

    private static TemplateValue ToValue(string name, JsonNode? value)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(value?.ToJsonString() ?? "null");
            return JsonValues.From(json.RootElement);
        }
        catch (TemplateException e)
        {
            throw Refuse(name, TemplateErrors.ToPublic(e));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw Refuse(name, e);
        }
    }

    private static ArgumentException Refuse(string variable, Exception e) =>
        OptionRange.Refuse(nameof(GenerationOptions.TemplateVariables), $"TemplateVariables['{variable}'] cannot be used: {e.Message}", e);
}
