using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>Writes calls in a form, to check it against what a template renders. White space is as in the form. Pure.</summary>
internal static class FormWriter
{
    public static string Write(CallForm form, params IReadOnlyList<ProbeCall> calls)
    {
        var text = new StringBuilder(form.SectionStart);
        for (int i = 0; i < calls.Count; i++)
        {
            text.Append(i > 0 ? form.Separator : "");
            foreach (CallPart part in form.Call)
            {
                text.Append(part.Slot switch
                {
                    null => part.Text,
                    CallSlot.Name => calls[i].Name,
                    CallSlot.Identifier => calls[i].Id,
                    CallSlot.Index => "#",
                    CallSlot.ArgumentsText => Quote(calls[i].Arguments),
                    _ => form.Arguments is { } one ? Arguments(one, calls[i].Arguments) : calls[i].Arguments,
                });
            }
        }

        return text.Append(form.SectionEnd).ToString();
    }

    // As templates do it: without escapes that JSON does not ask for.
    private static string Quote(string json) =>
        $"\"{json.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Arguments(ArgumentForm form, string json)
    {
        using JsonDocument arguments = JsonDocument.Parse(json);
        var text = new StringBuilder();
        foreach (JsonProperty argument in arguments.RootElement.EnumerateObject())
        {
            bool isText = argument.Value.ValueKind == JsonValueKind.String;
            text.Append(text.Length > 0 ? form.Separator : "").Append(form.BeforeKey).Append(argument.Name)
                .Append(isText ? form.TextStart : form.ValueStart)
                .Append(isText && form.Texts == ArgumentNotation.Raw ? argument.Value.GetString() : Value(form, argument.Value))
                .Append(isText ? form.TextEndOf(argument.Name) : form.ValueEndOf(argument.Name));
        }

        return text.ToString();
    }

    private static string Value(ArgumentForm form, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when form.Values == ArgumentNotation.Marked => $"{form.Quote}{value.GetString()}{form.Quote}",
        JsonValueKind.String when ArgumentNotation.Python == form.Values || ArgumentNotation.Python == form.Texts =>
            $"'{value.GetString()}'",
        JsonValueKind.True when form.Values == ArgumentNotation.Python => "True",
        JsonValueKind.False when form.Values == ArgumentNotation.Python => "False",
        JsonValueKind.String when form.Values == ArgumentNotation.Elements => value.GetString()!,
        JsonValueKind.Object when form.Values == ArgumentNotation.Elements =>
            string.Concat(value.EnumerateObject().Select(item => Element(form, item.Name, item.Value))),
        JsonValueKind.Array when form.Values == ArgumentNotation.Elements =>
            string.Concat(value.EnumerateArray().Select(item => Element(form, form.Item, item))),
        JsonValueKind.Object => $"{{{string.Join(",", value.EnumerateObject().Select(item => Entry(form, item)))}}}",
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(item => Value(form, item)))}]",
        _ => value.GetRawText(),
    };

    private static string Element(ArgumentForm form, string name, JsonElement value) =>
        form.BeforeKey + name + form.TextStart + Value(form, value) + form.TextEndOf(name);

    private static string Entry(ArgumentForm form, JsonProperty item) => $"{Key(form, item.Name)}:{Value(form, item.Value)}";

    private static string Key(ArgumentForm form, string key) => form.Values switch
    {
        ArgumentNotation.Marked => key,
        ArgumentNotation.Python => $"'{key}'",
        _ => $"\"{key}\"",
    };
}
