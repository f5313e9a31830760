namespace Orchard.Protocol.Messages.Requests;

/// <summary>
/// How a model writes its turn: what is around the section of all calls, around one call and between calls, where name, identifier and
/// arguments are in a call, and what is around the message. Immutable. Texts that a form does not have are empty.
/// </summary>
internal sealed record CallForm
{
    /// <summary>The text before the first call.</summary>
    public string SectionStart { get; init; } = "";

    /// <summary>The text after the last call.</summary>
    public string SectionEnd { get; init; } = "";

    /// <summary>The text between two calls.</summary>
    public string Separator { get; init; } = "";

    /// <summary>
    /// A call from its first character to its last one; one part is the arguments, one or more are the name. Empty if it is not known how
    /// the model writes calls.
    /// </summary>
    public IReadOnlyList<CallPart> Call { get; init; } = [];

    /// <summary>How arguments are written one by one; null if they are a JSON object.</summary>
    public ArgumentForm? Arguments { get; init; }

    /// <summary>The text that may end the turn after calls, usually an end-of-generation token.</summary>
    public string Stop { get; init; } = "";

    /// <summary>The text before the message.</summary>
    public string MessageStart { get; init; } = "";

    /// <summary>The text after the message.</summary>
    public string MessageEnd { get; init; } = "";

    /// <summary>Whether a turn has at most one call.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Whether arguments are JSON in several lines.</summary>
    public bool IsIndented { get; init; }

    /// <summary>Whether text may come before calls that begin without a mark.</summary>
    public bool FollowsText { get; init; }

    /// <summary>All texts of the form that are not empty.</summary>
    public IEnumerable<string> Texts => new[] { SectionStart, SectionEnd, Separator, Stop, MessageStart, MessageEnd }
        .Concat(Call.Select(static part => part.Text))
        .Concat(Arguments is { } one
            ? [one.BeforeKey, one.TextStart, one.TextEnd, one.ValueStart, one.ValueEnd, one.NameEnd, one.Separator, one.Quote]
            : [])
        .Where(static text => text.Length > 0);

    /// <summary>Whether it is known how the model writes calls.</summary>
    public bool HasCalls => Call.Count > 0;

    /// <summary>
    /// Whether a call has a name and one place for its arguments, and can be read; without calls, whether anything is around messages.
    /// </summary>
    public bool IsReadable => !HasCalls ? MessageStart.Length + MessageEnd.Length > 0 : (
        Call.Any(static part => part.Slot == CallSlot.Name)
        && Call.Count(static part => part.Slot is CallSlot.Arguments or CallSlot.ArgumentsText) == 1
        && Call.All(static part => part.Slot is null || CallSlot.All.Contains(part.Slot))
        && (Arguments is null || Arguments.IsReadable));
}
