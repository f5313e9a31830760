namespace Orchard.Grammars.Compilation;

/// <summary>What a step of a <see cref="Grammar"/> does.</summary>
internal enum GrammarStepKind : byte
{
    /// <summary>Reads a byte and follows every edge that contains it.</summary>
    Read,

    /// <summary>Continues with each of its targets.</summary>
    Fork,

    /// <summary>Calls its target, then continues with <see cref="GrammarStep.Next"/>.</summary>
    Call,

    /// <summary>
    /// Calls its target <see cref="GrammarStep.Min"/> to <see cref="GrammarStep.Max"/> times, then continues with
    /// <see cref="GrammarStep.Next"/>.
    /// </summary>
    Count,

    /// <summary>Begins a key: the following bytes are recorded.</summary>
    BeginKey,

    /// <summary>Ends a key. The text does not match if the innermost object already has that key.</summary>
    EndKey,

    /// <summary>Returns from the innermost call; outside of calls, the text is complete.</summary>
    Return,
}
