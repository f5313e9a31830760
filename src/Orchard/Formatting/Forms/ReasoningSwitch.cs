using Orchard.Templates.Values;

namespace Orchard.Formatting.Forms;

/// <summary>The variable that switches reasoning on and off in a template. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="On">Its value for reasoning.</param>
/// <param name="Off">Its value for none.</param>
internal sealed record ReasoningSwitch(string Name, TemplateValue On, TemplateValue Off)
{
    /// <summary>What templates use; the most common one first.</summary>
    public static IReadOnlyList<ReasoningSwitch> All { get; } =
    [
        new(TemplateVariables.EnableThinking, TemplateValue.True, TemplateValue.False),
        new(TemplateVariables.Thinking, TemplateValue.True, TemplateValue.False),
        new("thinking_mode", TemplateValue.From("enabled"), TemplateValue.From("disabled")),
        new("enable_reasoning", TemplateValue.True, TemplateValue.False),
        new("reasoning", TemplateValue.True, TemplateValue.False),
        new("think", TemplateValue.True, TemplateValue.False),
    ];

    /// <summary>Returns the switch that changes the prompt; null if there is none.</summary>
    /// <param name="render">Renders the template.</param>
    public static ReasoningSwitch? Find(RenderTemplate render)
    {
        TemplateValue messages = ProbeTurn.Conversation(null, HistoryForm.Default);
        return All.FirstOrDefault(one =>
            render(messages, [(one.Name, one.On)]) is { } on && render(messages, [(one.Name, one.Off)]) is { } off && on != off);
    }

    /// <summary>Returns the variable and its value.</summary>
    public (string Name, TemplateValue Value) Set(bool on) => (Name, on ? On : Off);

    /// <summary>Returns whether the model may reason unless that is switched off.</summary>
    /// <param name="render">Renders the template.</param>
    public bool IsOnByDefault(RenderTemplate render)
    {
        TemplateValue messages = ProbeTurn.Conversation(null, HistoryForm.Default);
        return render(messages, []) is { } prompt && prompt != render(messages, [Set(false)]);
    }
}
