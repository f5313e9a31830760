namespace Orchard.Engine.Output.Calls;

/// <summary>Parses one tool call character by character, starting with its first character. Not thread-safe.</summary>
internal abstract class CallBody
{
    /// <summary>Most characters before the tool's name is complete. A longer text is not a call.</summary>
    protected const int MaxBeforeName = 4096;

    /// <summary>Whether the text is definitely a call. Characters read before that become text if it is not.</summary>
    public bool HasBegun { get; protected set; }

    /// <summary>Processes a character.</summary>
    public abstract CallProgress Read(char character);
}
