namespace Orchard.Grammars.Automata;

/// <summary>A call in progress. Its parents are the rest of the call stack; stacks with the same outer calls share them.</summary>
/// <param name="parent">The enclosing call; null for an outermost one.</param>
/// <param name="next">The step it returns to.</param>
/// <param name="count">The number of the repetition of a counted step, from 1; 0 for a call that is not counted.</param>
/// <param name="keys">The keys of an object so far; null for a call that is not an object, or when keys are not tracked.</param>
/// <param name="id">Unique in an automaton.</param>
internal sealed class CallFrame(CallFrame? parent, int next, int count, KeySet? keys, int id)
{
    public CallFrame? Parent { get; } = parent;

    public int Next { get; } = next;

    public int Count { get; } = count;

    public KeySet? Keys { get; } = keys;

    public int Id { get; } = id;

    /// <summary>The same stack without keys, and the generation in which that was interned; null until it is needed.</summary>
    public (CallFrame Frame, object Generation)? WithoutKeys { get; set; }
}
