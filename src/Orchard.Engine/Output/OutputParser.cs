namespace Orchard.Engine.Output;

/// <summary>
/// Takes one sequence's text apart as it is generated: what is message, what is thinking, what are calls of tools. Not thread-safe.
/// </summary>
/// <remarks>
/// It stands in the engine because the wire tells items, not text (<c>state_events</c>), to clients of every language. It works by the
/// character, so how the text is cut into pieces makes no difference; it holds back only what may still turn out to be a mark, and
/// throws at nothing: what begins like a call and is none goes into the message as it was written.
/// </remarks>
internal abstract class OutputParser
{
    /// <summary>Whether the text is inside thinking at the moment.</summary>
    public abstract bool IsThinking { get; }

    /// <summary>Takes the next piece of text in.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            Read(character);
        }
    }

    /// <summary>Ends the text: nothing is held back any more.</summary>
    public abstract void Complete();

    protected abstract void Read(char character);
}
