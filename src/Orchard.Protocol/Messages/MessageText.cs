using System.Text;

namespace Orchard.Protocol.Messages;

/// <summary>
/// The visible text of one sequence, joined from its deltas by the rules the siblings converged on (wire specification 4.4): spans of
/// message items win over <c>content</c>, except where <c>content</c> continues them; reasoning never leaks in. Not thread-safe.
/// </summary>
internal sealed class MessageText
{
    private bool _hasEvents;
    private bool _hasText;

    /// <summary>
    /// True after the call that met the sequence's first state event, if text was handed out before: that text was structure, not message
    /// (a bare think marker, for instance), and whoever collected it drops it.
    /// </summary>
    public bool TookBackEarlierText { get; private set; }

    /// <summary>Takes one delta and returns the text it adds to the message, possibly empty.</summary>
    public string Append(ResponseDelta delta)
    {
        TookBackEarlierText = false;
        if (delta.IsPlainSpan)
        {
            NoteEvents();
            return Add(delta.Content!);
        }

        if (delta.StateEvents is not { Length: > 0 } events)
        {
            // Once events have told what the message is, bare content only repeats or structures it.
            return _hasEvents ? "" : Add(PlainContent(delta));
        }

        NoteEvents();

        // A delta without a message span adds nothing: its content is reasoning, or the unprocessed stop string.
        string added = JoinMessageSpans(events) is { } spans ? Add(PreferContinuation(spans, delta.Content)) : "";
        return _hasText ? added : Add(FindCompletedMessage(events));
    }

    private void NoteEvents()
    {
        if (!_hasEvents)
        {
            _hasEvents = true;
            TookBackEarlierText = _hasText;
            _hasText = false;
        }
    }

    private string Add(string text)
    {
        _hasText |= text.Length > 0;
        return text;
    }

    /// <summary>A failure repeats its text in the content, for readers that look only there.</summary>
    private static string PlainContent(ResponseDelta delta) =>
        delta.Content is { } content && (delta.ErrorMessage is null || content != delta.ErrorMessage) ? content : "";

    /// <summary>A stop string matched inside a token leaves its visible rest only in the content, which then starts with the spans.</summary>
    private static string PreferContinuation(string spans, string? content) =>
        content is not null && content.StartsWith(spans, StringComparison.Ordinal) ? content : spans;

    private static string? JoinMessageSpans(StateEvent[] events)
    {
        string? joined = null;
        StringBuilder? builder = null;
        foreach (StateEvent e in events)
        {
            if (e is not { Type: StateEventType.ContentDelta, ItemType: OutputItemType.Message, Delta: { } span })
            {
                continue;
            }

            if (joined is null)
            {
                joined = span;
            }
            else
            {
                builder ??= new StringBuilder(joined);
                builder.Append(span);
            }
        }

        return builder?.ToString() ?? joined;
    }

    private static string FindCompletedMessage(StateEvent[] events)
    {
        foreach (StateEvent e in events)
        {
            if (e is { Type: StateEventType.ItemCompleted, ItemType: OutputItemType.Message, Value: { Length: > 0 } value })
            {
                return value;
            }
        }

        return "";
    }
}
