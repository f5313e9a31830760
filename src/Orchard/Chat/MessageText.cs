using System.Text;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard;

/// <summary>
/// The visible text of one sequence, assembled from its deltas by the rules that all PIE-compatible clients follow: content deltas of
/// message items take precedence over <c>content</c>, except where <c>content</c> continues them; reasoning is never part of it. Not
/// thread-safe.
/// </summary>
internal sealed class MessageText
{
    private bool _hasEvents;
    private bool _hasText;

    /// <summary>
    /// True after the call with the sequence's first state event if text was returned before. That text was not part of the message (a
    /// reasoning delimiter, for instance), and the caller should discard it.
    /// </summary>
    public bool TookBackEarlierText { get; private set; }

    /// <summary>Processes one delta and returns the text it adds to the message, possibly empty.</summary>
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
            // Once there have been events, content without events only repeats the message or is not part of it.
            return _hasEvents ? "" : Add(PlainContent(delta));
        }

        NoteEvents();

        // A delta without a message span adds nothing: its content is reasoning, or the unprocessed stop sequence.
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

    // A failure repeats its text in the content, for clients that look only there.
    private static string PlainContent(ResponseDelta delta) =>
        delta.Content is { } content && content != delta.Extras?.ErrorMessage ? content : "";

    // If a stop sequence matched inside a token, only the content has the visible rest; it then starts with the spans.
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
