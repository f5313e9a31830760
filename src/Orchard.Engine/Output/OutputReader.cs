using Orchard.Engine.Output.Items;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Output;

/// <summary>Parses the output of one sequence into items. Used by one thread at a time.</summary>
internal sealed class OutputReader
{
    private readonly OutputEvents _events;
    private readonly OutputParser _parser;
    private int _reasoningTokens;

    /// <param name="syntax">The syntax of the output.</param>
    /// <param name="omitsValues">Whether completed items come without their complete value.</param>
    public OutputReader(OutputSyntax syntax, bool omitsValues)
    {
        _events = new OutputEvents(omitsValues);
        _parser = OutputParsers.Create(syntax, _events);
    }

    /// <summary>Parses the next piece of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">The number of tokens in the text.</param>
    /// <param name="isFinal">Whether the output ends with it.</param>
    public OutputPiece Read(string text, int tokens, bool isFinal)
    {
        bool wasReasoning = _parser.IsReasoning;
        _parser.Append(text);
        if (isFinal)
        {
            _parser.Complete();
        }

        // Tokens with the delimiters count as reasoning.
        _reasoningTokens += wasReasoning || _parser.IsReasoning ? tokens : 0;
        StateEvent[]? events = _events.Take(isFinal, out string content);
        return new OutputPiece(content, events, _reasoningTokens);
    }
}
