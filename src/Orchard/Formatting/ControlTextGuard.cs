using System.Buffers;
using System.Text;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>
/// Prevents text of the caller from being tokenized as control tokens, while the control tokens of the template still are. Immutable and
/// thread-safe.
/// </summary>
/// <remarks>
/// Before the template is rendered, a marker, which is a character that does not occur in the conversation, is inserted into every control
/// text of a message or variable, and at the edges of a text that could form one together with the template's adjacent text. The control
/// texts in the rendered prompt are then the template's. Text between two of them that contains a marker is sent to the engine as plain
/// text, with the markers removed. A control text of a single character cannot be split, so that two markers follow it. A conversation
/// without control texts, as nearly every one is, is rendered unchanged.
/// </remarks>
internal sealed class ControlTextGuard
{
    private const char FirstMark = '\uFDD0'; // the first of 32 noncharacters, which Unicode reserves for internal use
    private const char LastMark = '\uFDEF';

    private readonly string[] _texts;
    private readonly SearchValues<string> _search;
    private readonly SearchValues<char> _firsts;
    private readonly SearchValues<char> _lasts;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _beginnings;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _ends;

    /// <param name="controlTexts">Texts of the model's control tokens.</param>
    public ControlTextGuard(IEnumerable<string> controlTexts)
    {
        _texts = [.. controlTexts.Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
        _search = SearchValues.Create(_texts, StringComparison.Ordinal);
        _firsts = SearchValues.Create([.. _texts.Select(text => text[0])]);
        _lasts = SearchValues.Create([.. _texts.Select(text => text[^1])]);
        _beginnings = Parts((text, length) => text[..length]).GetAlternateLookup<ReadOnlySpan<char>>();
        _ends = Parts((text, length) => text[^length..]).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Inserts markers into the texts that need them, in place. Returns the marker, or null when no text needs one.</summary>
    /// <exception cref="ChatTemplateException">The conversation has control texts and contains every possible marker.</exception>
    public char? Mark(Dictionary<string, TemplateValue> given)
    {
        if (_texts.Length == 0 || !given.Values.Any(NeedsMark))
        {
            return null;
        }

        for (char mark = FirstMark; mark <= LastMark; mark++)
        {
            if (!given.Values.Any(value => Contains(value, mark)))
            {
                foreach (string name in given.Keys.ToArray())
                {
                    given[name] = Mark(given[name], mark);
                }

                return mark;
            }
        }

        throw new ChatTemplateException(
            "The conversation contains control tokens as text, and every noncharacter from U+FDD0 to U+FDEF. "
            + "Remove one of these characters.");
    }

    /// <summary>Removes the markers from a rendered prompt, and returns the ranges of its UTF-8 form that are plain text.</summary>
    public (string Text, IReadOnlyList<PlainSpan> Plain) Unmark(string rendered, char mark)
    {
        // Templates that write JSON may escape the marker.
        string escape = $"\\u{(int)mark:x4}";
        var text = new StringBuilder(rendered.Length);
        var plain = new List<PlainSpan>();
        int bytes = 0;
        for (int at = 0; at < rendered.Length;)
        {
            int control = FindOfTemplate(rendered, at, mark, escape);
            string stretch = control < 0 ? rendered[at..] : rendered[at..control];
            string clean = stretch.Replace($"{mark}", "", StringComparison.Ordinal).Replace(escape, "", StringComparison.Ordinal);
            int size = Encoding.UTF8.GetByteCount(clean);
            if (clean.Length != stretch.Length && size > 0)
            {
                plain.Add(new PlainSpan(bytes, size));
            }

            text.Append(clean);
            bytes += size;
            at += stretch.Length;
            if (control >= 0)
            {
                string found = ControlTextAt(rendered, at)!;
                text.Append(found);
                bytes += Encoding.UTF8.GetByteCount(found);
                at += found.Length;
            }
        }

        return (text.ToString(), plain);
    }

    private int FindOfTemplate(string rendered, int start, char mark, string escape)
    {
        for (int at = start; rendered.AsSpan(at).IndexOfAny(_search) is >= 0 and int found; at++)
        {
            at += found;
            string text = ControlTextAt(rendered, at)!;
            ReadOnlySpan<char> rest = rendered.AsSpan(at + text.Length);
            if (!IsOneCharacter(text) || !(rest.StartsWith([mark, mark]) || rest.StartsWith($"{escape}{escape}", StringComparison.Ordinal)))
            {
                return at;
            }
        }

        return -1;
    }

    // The longest one; null for none.
    private string? ControlTextAt(string text, int at) =>
        Array.Find(_texts, candidate => string.CompareOrdinal(text, at, candidate, 0, candidate.Length) == 0);

    private static bool IsOneCharacter(string text) => text.Length == LengthOfCharacter(text);

    private static int LengthOfCharacter(ReadOnlySpan<char> text) =>
        text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;

    private HashSet<string> Parts(Func<string, int, string> part) =>
        [.. _texts.SelectMany(text => Enumerable.Range(1, text.Length - 1).Select(length => part(text, length)))];

    private bool NeedsMark(TemplateValue value) => value.Kind switch
    {
        TemplateKind.String => NeedsMark(value.Text),
        TemplateKind.List => value.List.Items.Any(NeedsMark),
        TemplateKind.Dict => value.Map.Keys.Any(NeedsMark) || value.Map.Values.Any(NeedsMark),
        _ => false,
    };

    private static bool Contains(TemplateValue value, char mark) => value.Kind switch
    {
        TemplateKind.String => value.Text.Contains(mark, StringComparison.Ordinal),
        TemplateKind.List => value.List.Items.Any(item => Contains(item, mark)),
        TemplateKind.Dict => value.Map.Keys.Any(key => Contains(key, mark)) || value.Map.Values.Any(item => Contains(item, mark)),
        _ => false,
    };

    private TemplateValue Mark(TemplateValue value, char mark) => value.Kind switch
    {
        TemplateKind.String when NeedsMark(value.Text) => TemplateValue.From(Mark(value.Text, mark)),
        TemplateKind.List => TemplateValue.From(new TemplateList(Array.ConvertAll(value.List.Items, item => Mark(item, mark)))),
        TemplateKind.Dict => TemplateValue.From(new TemplateMap(
            Array.ConvertAll(value.Map.Keys, key => Mark(key, mark)),
            Array.ConvertAll(value.Map.Values, item => Mark(item, mark)),
            ValueComparer.Unbounded)),
        _ => value,
    };

    private bool NeedsMark(string content) =>
        content.AsSpan().IndexOfAny(_search) >= 0 || EndsInside(content.AsSpan().TrimEnd()) || BeginsInside(content.AsSpan().TrimStart());

    private string Mark(string content, char mark)
    {
        var marked = new StringBuilder(content.Length + 8);
        int begin = content.Length - content.AsSpan().TrimStart().Length;
        int end = content.AsSpan().TrimEnd().Length;
        int at = 0;
        if (BeginsInside(content.AsSpan(begin)))
        {
            // After the white space, which templates often trim.
            marked.Append(content, 0, begin).Append(mark);
            at = begin;
        }

        while (content.AsSpan(at).IndexOfAny(_search) is >= 0 and int found)
        {
            // Inside the control text, so that templates that check a message's first or last character see the original one.
            int first = LengthOfCharacter(content.AsSpan(at + found));
            bool isOne = Array.Exists(
                _texts, text => text.Length == first && string.CompareOrdinal(content, at + found, text, 0, first) == 0);
            marked.Append(content, at, found + first).Append(mark, isOne ? 2 : 1);
            at += found + first;
        }

        if (EndsInside(content.AsSpan(0, end)))
        {
            marked.Append(content, at, Math.Max(end - at, 0)).Append(mark);
            at = Math.Max(end, at);
        }

        return marked.Append(content, at, content.Length - at).ToString();
    }

    // Whether the text ends with the beginning of a control text, which the template's text could complete.
    private bool EndsInside(ReadOnlySpan<char> text)
    {
        for (int length = Math.Min(text.Length, LongestPart); length > 0; length--)
        {
            if (_firsts.Contains(text[^length]) && _beginnings.Contains(text[^length..]))
            {
                return true;
            }
        }

        return false;
    }

    private bool BeginsInside(ReadOnlySpan<char> text)
    {
        for (int length = Math.Min(text.Length, LongestPart); length > 0; length--)
        {
            if (_lasts.Contains(text[length - 1]) && _ends.Contains(text[..length]))
            {
                return true;
            }
        }

        return false;
    }

    private int LongestPart => _texts.Length == 0 ? 0 : _texts[0].Length - 1;
}
