using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Output;

/// <summary>The parsed output of one step.</summary>
/// <param name="Content">The message text.</param>
/// <param name="Events">The state events; null if there are none.</param>
/// <param name="ReasoningTokens">Reasoning tokens of the sequence so far.</param>
internal readonly record struct OutputPiece(string Content, StateEvent[]? Events, int ReasoningTokens);
