using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>Turns the text of one sequence's deltas into items. Used by one thread at a time.</summary>
internal sealed class OutputReader
{
    private readonly OutputEvents _events = new();
    private readonly OutputParser _parser;
    private int _reasoningTokens;

    public OutputReader(OutputSyntax syntax) => _parser = syntax.Parse(_events);

    /// <summary>The delta with the items that its text is of; what it says of the message is in its content.</summary>
    public ResponseDelta Read(ResponseDelta delta, bool isFinal)
    {
        bool wasThinking = _parser.IsThinking;
        _parser.Append(delta.Content);
        if (isFinal)
        {
            _parser.Complete();
        }

        // The marks count as thinking: a token is not divided.
        _reasoningTokens += wasThinking || _parser.IsThinking ? delta.TokensInDelta ?? 0 : 0;
        StateEvent[]? events = _events.Take(isFinal, out string content);
        return delta with { Content = content, StateEvents = events, ReasoningTokens = _reasoningTokens > 0 ? _reasoningTokens : null };
    }
}
