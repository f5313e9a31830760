using System.Text.Json;
using Orchard.Templates.Values;

namespace Orchard.Formatting.Forms;

/// <summary>A call in a sample conversation.</summary>
/// <param name="Name">The name of the tool.</param>
/// <param name="Id">The identifier.</param>
/// <param name="Arguments">The arguments as JSON.</param>
internal sealed record ProbeCall(string Name, string Id, string Arguments);

/// <summary>An assistant's turn in a sample conversation. Immutable.</summary>
/// <param name="Text">The text.</param>
/// <param name="Reasoning">The reasoning; null for none.</param>
/// <param name="Calls">The calls.</param>
internal sealed record ProbeTurn(string Text, string? Reasoning, params IReadOnlyList<ProbeCall> Calls)
{
    /// <summary>The question before the turn.</summary>
    public const string Question = "uprobe";

    /// <summary>Returns the conversation as a value of the template language.</summary>
    public static TemplateValue Conversation(ProbeTurn? turn, HistoryForm form) => TemplateValue.From(new TemplateList(
        turn is null ? [User] : [User, turn.ToValue(form)]));

    private static TemplateValue User => Map([("role", TemplateValue.From("user")), ("content", TemplateValue.From(Question))]);

    private TemplateValue ToValue(HistoryForm form)
    {
        var values = new List<(string, TemplateValue)> { ("role", TemplateValue.From("assistant")) };
        if (Text.Length > 0 || Calls.Count == 0 || form.Content == EmptyContent.Text)
        {
            values.Add(("content", TemplateValue.From(Text)));
        }
        else if (form.Content == EmptyContent.None)
        {
            values.Add(("content", TemplateValue.None));
        }

        if (Reasoning is not null)
        {
            values.Add(("reasoning_content", TemplateValue.From(Reasoning)));
            values.Add(("reasoning", TemplateValue.From(Reasoning)));
            values.Add(("thinking", TemplateValue.From(Reasoning)));
            values.Add(("thought", TemplateValue.From(Reasoning)));
        }

        if (Calls.Count > 0)
        {
            TemplateValue[] calls = [.. Calls.Select((call, index) => ToValue(call, index, form))];
            values.Add(("tool_calls", TemplateValue.From(new TemplateList(calls))));
        }

        return Map(values);
    }

    private static TemplateValue ToValue(ProbeCall call, int index, HistoryForm form)
    {
        using JsonDocument json = JsonDocument.Parse(call.Arguments);
        TemplateValue arguments = form.HasTextArguments ? TemplateValue.From(call.Arguments) : JsonValues.From(json.RootElement);
        return Map(
        [
            ("id", TemplateValue.From(form.HasNamesInIds ? HistoryForm.IdOf(call.Name, index) : call.Id)),
            ("type", TemplateValue.From("function")),
            ("function", Map([("name", TemplateValue.From(call.Name)), ("arguments", arguments)])),
        ]);
    }

    private static TemplateValue Map(List<(string Name, TemplateValue Value)> values) => TemplateValue.From(new TemplateMap(
        [.. values.Select(entry => TemplateValue.From(entry.Name))], [.. values.Select(entry => entry.Value)], ValueComparer.Unbounded));
}
