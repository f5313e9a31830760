using System.Text.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>
/// Finds the form in which a model writes calls: renders turns with calls with the model's chat template and compares the texts. What is
/// found is checked by writing other calls in that form and comparing them with what the template renders. Pure.
/// </summary>
internal sealed class FormProbe
{
    private const string Text = "mprobe";
    private const int MaxFrame = 64;

    private static readonly ProbeCall First = new("orcprobea", "idprobea1", """{"kprobea": "vprobea", "kprobeb": "vprobeb"}""");
    private static readonly ProbeCall Second = new("orcprobeb", "idprobeb2", """{"kprobec": "vprobec", "kprobed": "vprobed"}""");

    private readonly TurnRenderer _renderer;
    private readonly ThinkingTokens _thinking;
    private HistoryForm _history = HistoryForm.Default;
    private ArgumentForm? _arguments;
    private bool _isIndented; // whether it is written in several lines
    private bool _isText; // whether the object of arguments is written as a JSON string

    private FormProbe(RenderTemplate render, ThinkingTokens thinking)
    {
        _renderer = new TurnRenderer(render, thinks: null);
        _thinking = thinking;
    }

    /// <summary>Probes a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="render">Renders it.</param>
    public static FoundForm Find(string source, RenderTemplate render)
    {
        ThinkingTokens thinking = ReasoningProbe.Find(source, render);
        var probe = new FormProbe(render, thinking);
        FoundForm? second = null;
        HistoryForm? first = null;
        string? shown = null; // as a mapping, which is not understood
        (string, string) frame = probe.Frame();
        foreach (HistoryForm history in HistoryForm.All)
        {
            probe._history = history;
            bool shows = probe.Shows();
            first ??= shows ? history : null;
            if (shows && IsLike(shown, probe.BeforeArguments()) && probe.Derive() is { } form && probe.IsConfirmed(form))
            {
                var found = new FoundForm(probe.WithTextBetweenMarks(form), true, history, thinking, frame);
                if (!IsPythonObject(form))
                {
                    return found;
                }

                second ??= found;
            }

            shown ??= shows && !history.HasTextArguments ? probe.BeforeArguments() : null;
        }

        return second ?? new FoundForm(null, first is not null, first ?? HistoryForm.Default, thinking, frame);
    }

    // A template that writes a mapping in a form of its own writes text in one that its model was not trained on.
    private static bool IsLike(string? shown, string? other) => shown is null || shown == other;

    private string? BeforeArguments() =>
        Write(First) is { } text && text.IndexOf("kprobea", StringComparison.Ordinal) is >= 0 and int at
            ? FormText.Strip(text[..at]).TrimEnd('{', '\'', '"', '\\')
            : null;

    // A template that expects JSON as text writes a mapping like Python does, which no model has been trained on.
    private static bool IsPythonObject(CallForm form) =>
        form.Arguments is { } arguments
        && arguments.BeforeKey.EndsWith('\'')
        && arguments.ValueStart.StartsWith("':", StringComparison.Ordinal);

    // In whatever form: a template that changes the name shows the call too.
    private bool Shows() =>
        _renderer.Write(new ProbeTurn("", null, First), _history, hasTools: true) is { } text
        && text.Contains(First.Name, StringComparison.OrdinalIgnoreCase)
        && text.Contains("vprobea", StringComparison.Ordinal);

    private string? Write(params IReadOnlyList<ProbeCall> calls) =>
        _renderer.Write(new ProbeTurn("", null, calls), _history, hasTools: true) is { } text ? WithoutReasoning(text) : null;

    private CallForm? Derive()
    {
        if (Write(First) is not { } one)
        {
            return null;
        }

        _arguments = RenderedObject.Find(one, First.Arguments) is null
            ? ArgumentProbe.Find(one, First.Name, json => Write(First with { Arguments = json }))
            : null;
        string? two = Write(First, Second);
        bool isSingle = two is null
            || !two.Contains("vprobec", StringComparison.Ordinal)
            || !two.Contains(Second.Name, StringComparison.Ordinal);
        if (Mark(one, First) is not { } single)
        {
            return null;
        }

        (string messageStart, string messageTail) = Message();
        if (isSingle)
        {
            (string lead, string body, string tail) = SlotText.Cut(single);
            string ending = FormText.CommonEnd(tail, messageTail);
            (string end, string stop) = SplitStop(tail[..^ending.Length], ending, messageTail, isSingle: true);
            return new CallForm
            {
                Call = Parts(lead + body + end),
                Arguments = _arguments,
                Stop = stop,
                MessageStart = messageStart,
                MessageEnd = messageTail[..^ending.Length],
                IsSingle = true,
                IsIndented = _isIndented,
                FollowsText = FollowsText(),
            };
        }

        if (Mark(two!, First) is not { } half || Mark(half, Second) is not { } both)
        {
            return null;
        }

        return DeriveSection(single, both, messageStart, messageTail);
    }

    private CallForm? DeriveSection(string single, string both, string messageStart, string messageTail)
    {
        (string lead, string body, string tail) = SlotText.Cut(single);
        int middle = both.IndexOf(body, StringComparison.Ordinal);
        string rest = middle < 0 ? "" : both[(middle + body.Length)..];
        int slot = rest.IndexOfAny([SlotText.Name, SlotText.Identifier, SlotText.Arguments]);
        if (slot < 0)
        {
            return null;
        }

        string between = rest[..slot];
        (_, string secondBody, string secondTail) = SlotText.Cut(rest);
        string late = "";
        if (FormText.Strip(secondTail) != FormText.Strip(tail))
        {
            if (tail.Length == 0 || !secondTail.StartsWith(tail, StringComparison.Ordinal))
            {
                return null;
            }

            late = secondTail[tail.Length..]; // some templates end the section after several calls only
        }

        if (secondBody != body)
        {
            // The number of the call is in it.
            (string numbered, string second) = SlotText.Number(body, secondBody);
            if (numbered != second)
            {
                return null;
            }

            body = numbered;
        }

        (string leadNumbered, string betweenNumbered) = SlotText.Number(lead, between);
        if (FormText.CommonEnd(leadNumbered, betweenNumbered).Contains(SlotText.Index, StringComparison.Ordinal))
        {
            (lead, between) = (leadNumbered, betweenNumbered);
        }

        string ending = FormText.CommonEnd(late.Length > 0 ? late : tail, messageTail);
        string closing = late.Length > 0 ? tail : tail[..^ending.Length];
        string start = FormText.CommonEnd(lead, between);
        string inner = between[..^start.Length];
        string end = FormText.CommonStart(inner, closing);
        (string sectionEnd, string stop) = late.Length > 0
            ? (closing[end.Length..], late[..^ending.Length].Trim())
            : SplitStop(closing[end.Length..], ending, messageTail, isSingle: false);
        return new CallForm
        {
            SectionStart = lead[..^start.Length],
            SectionEnd = sectionEnd,
            Separator = inner[end.Length..],
            Call = Parts(start + body + end),
            Arguments = _arguments,
            Stop = stop,
            MessageStart = messageStart,
            MessageEnd = messageTail[..^ending.Length],
            IsIndented = _isIndented,
            FollowsText = FollowsText(),
        };
    }

    // Whether a turn with a call can have text before it.
    private bool FollowsText() =>
        _renderer.Write(new ProbeTurn(Text, null, First), _history, hasTools: true) is { } text
        && text.IndexOf(Text, StringComparison.Ordinal) is >= 0 and int at
        && text.IndexOf(First.Name, StringComparison.Ordinal) > at;

    // Marks around the text before calls stay when there is no text: the first one begins it, the second one ends it.
    private CallForm WithTextBetweenMarks(CallForm form)
    {
        int mark = MarkUnits.LengthAt(form.SectionStart);
        return form.MessageStart.Length == 0 && mark > 0 && MarkUnits.LengthAt(form.SectionStart.AsSpan(mark)) > 0
            && _renderer.Write(new ProbeTurn(Text, null, First), _history, hasTools: true) is { } text
            && text.Contains(form.SectionStart[..mark] + Text + form.SectionStart[mark..], StringComparison.Ordinal)
                ? form with { MessageStart = form.SectionStart[..mark] }
                : form;
    }

    private List<CallPart> Parts(string call)
    {
        var parts = new List<CallPart>();
        int at = 0;
        for (int i = 0; i <= call.Length; i++)
        {
            if (i < call.Length && !SlotText.IsSlot(call[i]))
            {
                continue;
            }

            if (i > at)
            {
                parts.Add(new CallPart { Text = call[at..i] });
            }

            if (i < call.Length)
            {
                parts.Add(new CallPart
                {
                    Slot = call[i] switch
                    {
                        SlotText.Name => CallSlot.Name,
                        SlotText.Identifier => CallSlot.Identifier,
                        SlotText.Index => CallSlot.Index,
                        _ => _isText ? CallSlot.ArgumentsText : CallSlot.Arguments,
                    },
                });
            }

            at = i + 1;
        }

        return parts;
    }

    // The text of a turn without calls, around the message.
    private (string Start, string Tail) Message()
    {
        string? text = _renderer.Write(new ProbeTurn(Text, null), HistoryForm.Default, hasTools: true);
        int at = text?.LastIndexOf(Text, StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return ("", "");
        }

        string start = WithoutReasoning(text![..at]).TrimStart();
        return (start.Length <= MaxFrame ? start : "", text[(at + Text.Length)..]);
    }

    // What is around messages, whatever is known of calls. The last mark ends the turn.
    private (string Start, string End) Frame()
    {
        (string start, string tail) = Message();
        List<string> units = FormText.Units(tail.TrimEnd());
        return (start, units.Count > 1 && MarkUnits.LengthAt(units[^1]) > 0 ? string.Concat(units.SkipLast(1)).Trim() : "");
    }

    // Other turns end otherwise: the last mark after the calls may be what ends the turn.
    private static (string End, string Stop) SplitStop(string end, string ending, string messageTail, bool isSingle)
    {
        List<string> units = FormText.Units(end.TrimEnd());
        bool isStop = FormText.Strip(ending).Length == 0 && FormText.Strip(messageTail).Length > 0
            && units.Count > (isSingle ? 1 : 0) && units[^1].Length > 1;
        return isStop ? (string.Concat(units.SkipLast(1)), units[^1]) : (end, "");
    }

    private string WithoutReasoning(string text)
    {
        string trimmed = text.TrimStart();
        if (_thinking.End.Length == 0)
        {
            return text;
        }

        int end = trimmed.IndexOf(_thinking.End, StringComparison.Ordinal);
        bool isEmpty = end >= 0 && (end == 0
            || (trimmed.StartsWith(_thinking.Start, StringComparison.Ordinal) && trimmed[_thinking.Start.Length..end].Trim().Length == 0));
        return isEmpty ? trimmed[(end + _thinking.End.Length)..] : text;
    }

    // Puts slots in place of what belongs to a call.
    private string? Mark(string text, ProbeCall call)
    {
        int start;
        int length;
        if (_arguments is { } form)
        {
            using JsonDocument json = JsonDocument.Parse(call.Arguments);
            JsonProperty[] arguments = [.. json.RootElement.EnumerateObject()];
            start = text.IndexOf(form.BeforeKey + arguments[0].Name, StringComparison.Ordinal);
            string last = arguments[^1].Value.GetString()!;
            int value = text.IndexOf(last, Math.Max(start, 0), StringComparison.Ordinal);
            if (start < 0 || value < 0)
            {
                return null;
            }

            string quote = form.Quote.Length > 0 ? form.Quote
                : form.Texts == ArgumentNotation.Raw ? ""
                : text.Substring(value + last.Length, 1);
            length = value + last.Length + quote.Length + form.TextEndOf(arguments[^1].Name).Length - start;
        }
        else if (RenderedObject.Find(text, call.Arguments) is (int at, int size, bool isText))
        {
            (start, length) = (at, size);
            _isIndented = text.AsSpan(at, size).Contains('\n');
            _isText = isText;
        }
        else
        {
            return null;
        }

        text = $"{text[..start]}{SlotText.Arguments}{text[(start + length)..]}";
        int name = text.LastIndexOf(call.Name, start, StringComparison.Ordinal);
        if (name < 0)
        {
            // Only in an object of JSON, whose keys may have any order.
            name = text.IndexOf($"\"{call.Name}\"", start, StringComparison.Ordinal) + 1;
            if (name <= 0 || _arguments is not null)
            {
                return null;
            }
        }

        // The recipient of a message, say, or what ends an element may be the name once more.
        text = text.Replace(call.Name, $"{SlotText.Name}", StringComparison.Ordinal);
        return text.Replace(call.Id, $"{SlotText.Identifier}", StringComparison.Ordinal);
    }

    // Other calls must be rendered as the form writes them.
    private bool IsConfirmed(CallForm form)
    {
        ProbeCall mixed = First with
        {
            Arguments = """{"flag": true, "kprobea": "some words", "kprobez": 12, "list": [1, 2], "map": {"n": "w"}}""",
        };
        ProbeCall other = Second with { Arguments = """{"x": 1.5}""" };
        return IsWritten(form, mixed) && IsWritten(form, other) && (form.IsSingle || IsWritten(form, other, mixed));
    }

    private bool IsWritten(CallForm form, params IReadOnlyList<ProbeCall> calls)
    {
        if (Write(calls) is not { } text)
        {
            return false;
        }

        string expected = FormText.Strip(FormWriter.Write(form, calls));
        string rendered = FormText.Strip(text);
        if (expected.Contains('#', StringComparison.Ordinal))
        {
            rendered = string.Concat(rendered.Select(static character => char.IsAsciiDigit(character) ? '#' : character));
            expected = string.Concat(expected.Select(static character => char.IsAsciiDigit(character) ? '#' : character));
        }

        // How quotes and booleans are written in nested values differs within one template; the engine reads all of it.
        (rendered, expected) = (Loosen(rendered), Loosen(expected));
        return form.Arguments?.Texts == ArgumentNotation.Python
            ? WithoutQuotes(rendered).StartsWith(WithoutQuotes(expected), StringComparison.Ordinal)
            : rendered.StartsWith(expected, StringComparison.Ordinal);
    }

    private static string WithoutQuotes(string text) => text.Replace("\"", "", StringComparison.Ordinal);

    private static string Loosen(string text) =>
        text.Replace('\'', '"').Replace("True", "true", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);
}
