namespace Orchard.Engine.Output.Calls;

/// <summary>The result of processing one character of a call.</summary>
internal enum CallProgress
{
    /// <summary>The character was consumed, and more are expected.</summary>
    More,

    /// <summary>The character was consumed and is the last one.</summary>
    Done,

    /// <summary>The character was not consumed, because it is not part of the call.</summary>
    Stop,
}
