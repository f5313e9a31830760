using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>What probing a template has found. Immutable.</summary>
/// <param name="Calls">The form of calls; null if it is not known.</param>
/// <param name="ShowsCalls">Whether the template shows calls in earlier turns at all.</param>
/// <param name="History">How earlier turns are given to the template.</param>
/// <param name="Thinking">The marks of reasoning.</param>
/// <param name="Frame">The texts before and after a message in a turn without calls; empty if there are none.</param>
internal sealed record FoundForm(
    CallForm? Calls, bool ShowsCalls, HistoryForm History, ThinkingTokens Thinking, (string Start, string End) Frame);
