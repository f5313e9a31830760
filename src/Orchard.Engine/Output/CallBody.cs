namespace Orchard.Engine.Output;

/// <summary>Reads one call, by the character, from its first one on. Not thread-safe.</summary>
internal abstract class CallBody
{
    /// <summary>Most characters before the tool's name is known: a text that goes on longer is no call.</summary>
    protected const int MaxBeforeName = 4096;

    /// <summary>Whether it is known to be a call. What was read before that is text, should it turn out to be none.</summary>
    public bool HasBegun { get; protected set; }

    /// <summary>Takes a character in.</summary>
    public abstract CallProgress Read(char character);
}

/// <summary>What became of a character.</summary>
internal enum CallProgress
{
    /// <summary>It was taken, and there is more to come.</summary>
    More,

    /// <summary>It was taken, and is the last.</summary>
    Done,

    /// <summary>It was not taken: it does not belong here.</summary>
    Stop,
}
