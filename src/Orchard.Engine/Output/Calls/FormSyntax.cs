using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchard.Engine.Output.Scanning;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>A <see cref="CallForm"/>, prepared for parsing and grammars. Immutable.</summary>
internal sealed class FormSyntax
{
    private const string Sample = "orchardname";
    private const int MinMarker = 4;

    private static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n{[\"'");

    public FormSyntax(CallForm form)
    {
        Form = form;
        string before = form.Call[0].Text;
        string after = form.Call[^1].Text;
        if (FindKeys(form) is (string nameKey, string argumentsKey))
        {
            NameKey = nameKey;
            ArgumentsKey = argumentsKey;
            Open = before[..before.IndexOf('{', StringComparison.Ordinal)];
            Close = after[(after.LastIndexOf('}') + 1)..];
            return;
        }

        // Marks around the call, inside of which a model may write another form than its template.
        int open = LeadingMarks(before);
        int close = open > 0 ? TrailingMark(after) : after.Length;
        (Open, Close) = open > 0 && close < after.Length ? (before[..open], after[close..]) : ("", "");
        Body =
        [
            .. Part(form.Call[0], before[Open.Length..]),
            .. form.Call.Skip(1).Take(form.Call.Count - 2),
            .. form.Call.Count > 1 ? Part(form.Call[^1], after) : [],
        ];
    }

    public CallForm Form { get; }

    /// <summary>The text of a call before its body.</summary>
    public string Open { get; }

    /// <summary>The text of a call after a body that is not of <see cref="Body"/>.</summary>
    public string Close { get; }

    /// <summary>The key of the name if the body is a JSON object with the name and the arguments; otherwise null.</summary>
    public string? NameKey { get; }

    /// <summary>The key of the arguments in such an object.</summary>
    public string? ArgumentsKey { get; }

    /// <summary>The parts after <see cref="Open"/>; empty if the body is such an object.</summary>
    public IReadOnlyList<CallPart> Body { get; } = [];

    /// <summary>Whether every call stands alone, so that nothing but white space is between two.</summary>
    public bool IsAlone => LooseText.Strip(Form.SectionStart + Form.SectionEnd + Form.Separator).Length == 0;

    /// <summary>The text between two calls: white space at the end of a call that stands alone is not part of the last one.</summary>
    public string Between => (IsAlone ? TrailingWhite(Form.Call[^1].Text) : "") + Form.Separator;

    /// <summary>Whether the first slot is the name.</summary>
    public bool IsNamed => Form.Call.FirstOrDefault(static part => part.Slot is not null)?.Slot == CallSlot.Name;

    /// <summary>Everything before the first slot.</summary>
    public string Lead => (Form.SectionStart + Form.Call[0].Text).TrimStart();

    /// <summary>The white space before the first call.</summary>
    public string Indent => LeadingWhite(Form.SectionStart + Form.Call[0].Text);

    /// <summary>What is before <see cref="Marker"/> in the first call; messages begin with it as well.</summary>
    public string BeforeMarker => Form.MessageStart.Trim() is { Length: > 0 } frame && Lead.StartsWith(frame, StringComparison.Ordinal)
        ? frame + LeadingWhite(Lead[frame.Length..])
        : "";

    /// <summary>The text that begins calls anywhere in a message; empty if there is none.</summary>
    public string Marker
    {
        get
        {
            string lead = Lead[BeforeMarker.Length..];
            int mark = MarkUnits.LengthAt(lead);
            if (mark > 0)
            {
                return lead[..mark];
            }

            // Like '<function=' or 'Action: ```json', but neither a brace nor a quote, which occur in any text.
            int end = lead.AsSpan().IndexOfAny(Breaks);
            string word = (end < 0 ? lead : lead[..end]).TrimEnd();
            if (end > 0 && lead[end] == '[' && word.All(char.IsLetterOrDigit))
            {
                word = lead[..(end + 1)];
            }

            return word.Length >= MinMarker && !word.All(char.IsLetterOrDigit) ? word : "";
        }
    }

    private static string TrailingWhite(string text) => text[text.TrimEnd().Length..];

    private static string LeadingWhite(string text) => text[..^text.TrimStart().Length];

    private static IEnumerable<CallPart> Part(CallPart part, string text) =>
        part.Slot is not null ? [part] : text.Length > 0 ? [new CallPart { Text = text }] : [];

    private static int LeadingMarks(string text)
    {
        int at = 0;
        while (true)
        {
            int next = at;
            while (next < text.Length && char.IsWhiteSpace(text[next]))
            {
                next++;
            }

            int length = MarkUnits.LengthAt(text.AsSpan(next));
            if (length == 0)
            {
                return at;
            }

            at = next + length;
        }
    }

    // Returns where the last mark of a text starts.
    private static int TrailingMark(string text)
    {
        string trimmed = text.TrimEnd();
        int start = Math.Max(trimmed.LastIndexOf('<'), trimmed.LastIndexOf('['));
        return start >= 0 && start + MarkUnits.LengthAt(trimmed.AsSpan(start)) == trimmed.Length ? start : text.Length;
    }

    private static (string NameKey, string ArgumentsKey)? FindKeys(CallForm form)
    {
        var text = new StringBuilder();
        foreach (CallPart part in form.Call)
        {
            text.Append(part.Slot switch
            {
                CallSlot.Name => Sample,
                CallSlot.Identifier => "id",
                CallSlot.Index => "0",
                CallSlot.Arguments => "{}",
                CallSlot.ArgumentsText => "\"{}\"",
                _ => part.Text,
            });
        }

        string sample = text.ToString();
        int start = form.Call[0].Text.IndexOf('{', StringComparison.Ordinal);
        int end = sample.LastIndexOf('}');
        if (form.Arguments is not null || start < 0 || form.Call[^1].Text.LastIndexOf('}') < 0)
        {
            return null;
        }

        // An object between quotes, whose own quotes have no escapes, is no JSON.
        string value = form.Call.Any(static part => part.Slot == CallSlot.ArgumentsText) ? "\"{}\"" : "{}";
        try
        {
            using var json = JsonDocument.Parse(sample[start..(end + 1)]);
            string? name = null;
            string? arguments = null;
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                name = property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() == Sample ? property.Name : name;
                arguments = property.Value.GetRawText() == value ? property.Name : arguments;
            }

            return name is not null && arguments is not null ? (name, arguments) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
