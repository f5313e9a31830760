using System.Text.Json;
using Orchard.Protocol.Messages.Requests;
using Orchard.Templates.Values;

namespace Orchard.Formatting.Forms;

/// <summary>Renders an assistant's turn and returns what a model would have written.</summary>
/// <param name="render">The template.</param>
/// <param name="thinks">Whether reasoning is switched on; null for the template's default.</param>
internal sealed class TurnRenderer(RenderTemplate render, bool? thinks)
{
    private const string Tools =
        """
        [{"type":"function","function":{"name":"orcprobea","description":"First.","parameters":{"type":"object",
            "properties":{"kprobea":{"type":"string"},"kprobeb":{"type":"string"}},"required":["kprobea"]}}},
         {"type":"function","function":{"name":"orcprobeb","description":"Second.","parameters":{"type":"object",
            "properties":{"kprobec":{"type":"string"},"kprobed":{"type":"string"}},"required":["kprobec"]}}}]
        """;

    private readonly TemplateValue _tools = ToValue();
    private readonly Dictionary<bool, string?> _prompts = [];

    /// <summary>Returns the turn as the model writes it, with what ends it; null if the template rejects it.</summary>
    public string? Write(ProbeTurn turn, HistoryForm form, bool hasTools)
    {
        if (Prompt(hasTools) is not { } prompt || Render(turn, form, hasTools, isPrompt: false) is not { } whole)
        {
            return null;
        }

        // What is before the question may depend on what follows it.
        string asked = After(prompt);
        string answered = After(whole);
        return answered[FormText.CommonStart(answered, asked).Length..];
    }

    /// <summary>Returns the whole conversation up to the end of a turn.</summary>
    public string? Whole(ProbeTurn turn, bool hasTools) => Render(turn, HistoryForm.Default, hasTools, isPrompt: false);

    /// <summary>Returns the prompt before the turn.</summary>
    public string? Prompt(bool hasTools)
    {
        if (!_prompts.TryGetValue(hasTools, out string? prompt))
        {
            prompt = _prompts[hasTools] = Render(null, HistoryForm.Default, hasTools, isPrompt: true);
        }

        return prompt;
    }

    private static string After(string text) => text[Math.Max(text.LastIndexOf(ProbeTurn.Question, StringComparison.Ordinal), 0)..];

    private string? Render(ProbeTurn? turn, HistoryForm form, bool hasTools, bool isPrompt)
    {
        var variables = new List<(string, TemplateValue)>
        {
            ("add_generation_prompt", isPrompt ? TemplateValue.True : TemplateValue.False),
        };
        if (hasTools)
        {
            variables.Add((TemplateVariables.Tools, _tools));
        }

        if (thinks is { } on)
        {
            variables.AddRange(ReasoningSwitch.All.Select(one => one.Set(on)));
        }

        return render(ProbeTurn.Conversation(turn, form), variables);
    }

    private static TemplateValue ToValue()
    {
        using JsonDocument tools = JsonDocument.Parse(Tools);
        return JsonValues.From(tools.RootElement);
    }
}
