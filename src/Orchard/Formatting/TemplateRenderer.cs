using System.Runtime.CompilerServices;
using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>
/// Renders messages and variables with one of a model's templates, and finds the text in the result that must not be tokenized as control
/// tokens. No I/O; thread-safe.
/// </summary>
/// <param name="facts">What the engine reports about the model; null if nothing.</param>
/// <param name="time">Clock for templates that write the date.</param>
internal sealed class TemplateRenderer(ModelFacts? facts, TimeProvider time)
{
    private static readonly string[] NoMarks = [];

    private readonly ConditionalWeakTable<IReadOnlyList<string>, ControlTextGuard> _guards = [];
    private readonly Dictionary<string, TemplateValue> _modelVariables = ModelVariables(facts);

    /// <summary>The model's templates.</summary>
    public ModelTemplates Templates { get; } = new(facts);

    /// <summary>Renders a conversation.</summary>
    /// <param name="template">A template by name or as text; null for the model's main template.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="variables">Additional variables; they take precedence over those of the model.</param>
    /// <param name="cancellationToken">Cancels the rendering.</param>
    /// <param name="form">How the model writes calls and reasoning; null for the default, without marks.</param>
    /// <returns>The text, and the ranges in it without control tokens.</returns>
    /// <exception cref="ChatTemplateException">There is no such template, or the control tokens in the text cannot be marked.</exception>
    /// <exception cref="TemplateException">The template cannot be parsed or rendered.</exception>
    public (string Text, IReadOnlyList<PlainSpan> Plain) Render(
        string? template,
        IReadOnlyList<Message> messages,
        IReadOnlyDictionary<string, TemplateValue> variables,
        CancellationToken cancellationToken,
        OutputForm? form = null)
    {
        TemplateValue values = MessageValues.From(messages, form?.History ?? HistoryForm.Default);
        return Render(template, values, variables, cancellationToken, form?.Marks);
    }

    /// <summary>Renders messages that have been converted already; see the other overload.</summary>
    public (string Text, IReadOnlyList<PlainSpan> Plain) Render(
        string? template,
        TemplateValue messages,
        IReadOnlyDictionary<string, TemplateValue> variables,
        CancellationToken cancellationToken,
        IReadOnlyList<string>? marks = null)
    {
        ControlTextGuard guard = _guards.GetValue(
            marks ?? NoMarks, texts => new ControlTextGuard((facts?.ControlTokens ?? []).Concat(texts)));
        var given = new Dictionary<string, TemplateValue>(variables, StringComparer.Ordinal)
        {
            [TemplateVariables.Messages] = messages,
        };
        char? mark = guard.Mark(given);
        foreach ((string name, TemplateValue value) in _modelVariables)
        {
            given.TryAdd(name, value);
        }

        string text = Templates.Get(template).Render(given, time, cancellationToken);
        return mark is { } marked ? guard.Unmark(text, marked) : (text, []);
    }

    // Hugging Face's names. A missing begin or end token becomes an empty text, as in llama.cpp.
    private static Dictionary<string, TemplateValue> ModelVariables(ModelFacts? facts)
    {
        var variables = new Dictionary<string, TemplateValue>(StringComparer.Ordinal)
        {
            ["add_generation_prompt"] = TemplateValue.True,
            [TemplateVariables.Tools] = TemplateValue.None,
            ["documents"] = TemplateValue.None,
        };
        foreach ((string name, string? text) in facts?.SpecialTokens ?? [])
        {
            variables[name] = TemplateValue.From(text ?? "");
        }

        variables["bos_token"] = TemplateValue.From(facts?.BeginToken ?? "");
        variables["eos_token"] = TemplateValue.From(facts?.EndToken ?? "");
        return variables;
    }
}
