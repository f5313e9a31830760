using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;
using Orchard.Validation;

namespace Orchard.Formatting;

/// <summary>What a prompt is written from besides its messages. Immutable.</summary>
internal sealed record PromptInputs
{
    public static PromptInputs None { get; } = new();

    /// <summary>The template to use, by its name in the model or as text; null for the model's own choice.</summary>
    public string? Template { get; init; }

    /// <summary>Further variables of the template.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>The tools that the model may call.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether the model is to think; null for the template's choice.</summary>
    public bool? Thinking { get; init; }

    /// <summary>How much; null for the template's choice.</summary>
    public string? Effort { get; init; }

    /// <exception cref="ArgumentException">A variable has no form that templates know. The message names it.</exception>
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
