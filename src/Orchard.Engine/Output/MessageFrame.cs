using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Engine.Output;

/// <summary>Texts around a message, which are not part of it. Immutable.</summary>
/// <param name="Start">The text before the message; empty if there is none.</param>
/// <param name="End">The text after the message; empty if there is none.</param>
/// <param name="Stop">A text that may end the turn; empty if there is none.</param>
internal sealed record MessageFrame(string Start, string End, string Stop)
{
    public static MessageFrame None { get; } = new("", "", "");

    /// <summary>All texts that are not empty.</summary>
    public IEnumerable<string> Texts => new[] { Start, End, Stop }.Where(static text => text.Length > 0).Distinct();

    /// <summary>Returns the frame of a request.</summary>
    /// <exception cref="ArgumentException">The form of the request cannot be read.</exception>
    public static MessageFrame Of(WirePrompt prompt)
    {
        if (prompt.Extensions.CallForm.Length == 0)
        {
            return None;
        }

        CallForm form = CallFormJson.Parse(prompt.Extensions.CallForm);
        string start = MarkOf(form.MessageStart) is { Length: > 0 } mark ? mark : form.MessageStart.TrimStart();
        return new MessageFrame(start, MarkOf(form.MessageEnd), MarkOf(form.Stop));
    }

    /// <summary>Returns whether a text at the end of an output is the first marks of what follows messages.</summary>
    public bool IsEnding(string text) =>
        MarkUnits.EndsWithMark(text) && (End.StartsWith(text, StringComparison.Ordinal) || Stop.StartsWith(text, StringComparison.Ordinal));

    /// <summary>Returns the grammar of messages with or without the frame.</summary>
    public GrammarNode Around(GrammarNode message) => this == None
        ? message
        : GrammarNode.Sequence(
            GrammarNode.Optional(GrammarNode.Literal(Start)), message, GrammarNode.Optional(GrammarNode.Literal(End)));

    // Anything else may as well be text of the message.
    private static string MarkOf(string text) =>
        text.Trim() is { Length: > 0 } mark && MarkUnits.LengthAt(mark) > 0 && MarkUnits.EndsWithMark(mark) ? mark : "";
}
