namespace Orchard.Engine.Output;

/// <summary>Parses one sequence's text as it is generated and separates message, reasoning and tool calls. Not thread-safe.</summary>
/// <remarks>
/// Parsing happens in the engine because the wire reports items (<c>state_events</c>) to clients in all languages. Parsers work character
/// by character, so the result does not depend on how the text is split. They hold back only text that may become a marker. They never
/// throw: text that starts like a call and is not one becomes part of the message unchanged.
/// </remarks>
internal abstract class OutputParser
{
    /// <summary>Whether the current position is inside reasoning.</summary>
    public abstract bool IsReasoning { get; }

    /// <summary>Parses the next piece of text.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            Read(character);
        }
    }

    /// <summary>Ends the text and releases everything that was held back.</summary>
    public abstract void Complete();

    protected abstract void Read(char character);
}
