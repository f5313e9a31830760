namespace Orchard.Grammars.Automata;

/// <summary>Enforces that no object has the same key twice.</summary>
/// <remarks>
/// <para>
/// A pushdown automaton has no memory for this: which keys may follow depends on all keys before. So the memory is part of the stack.
/// Within a key, each position carries the bytes read so far (<see cref="KeyText"/>); the frame of each object carries the keys it
/// already has (<see cref="KeySet"/>). At the end of a key, the position is dropped if the innermost object has that key, and otherwise
/// continues with a frame that has one key more.
/// </para>
/// <para>
/// Consequently, states differ after different keys, and nothing computed for one is reused for another. That is acceptable for following
/// the one token that was sampled, but not for the set of all allowed tokens, which takes a walk over the vocabulary. This set is therefore
/// computed without keys, from the state that <see cref="GrammarAutomaton.WithoutKeys"/> returns. It may contain tokens that would repeat a
/// key; following them leads to the dead state, so the matcher checks the chosen token by following it.
/// </para>
/// </remarks>
internal static class KeyUniqueness
{
    /// <summary>Adds a key to the innermost object of a stack; returns false if it already has the key.</summary>
    public static bool TryAddKey(this StateCache cache, CallFrame? frame, KeyText key, out CallFrame? added)
    {
        added = frame;
        if (frame is null)
        {
            return true; // a key outside of any object
        }

        if (frame.Keys is { } keys)
        {
            if (keys.Contains(key))
            {
                return false;
            }

            added = cache.Frame(frame.Parent, frame.Next, frame.Count, cache.Keys(keys, key));
            return true;
        }

        if (!cache.TryAddKey(frame.Parent, key, out CallFrame? parent))
        {
            return false;
        }

        added = cache.Frame(parent, frame.Next, frame.Count, null);
        return true;
    }

    /// <summary>Returns the same stack without the keys of its objects.</summary>
    public static CallFrame? WithoutKeys(this StateCache cache, CallFrame? frame)
    {
        // Iterates from the outermost call inwards instead of recursing, because calls can be nested as deep as the text is long.
        var path = new Stack<CallFrame>();
        CallFrame? stripped = null;
        for (; frame is not null; frame = frame.Parent)
        {
            if (frame.WithoutKeys is { } known && ReferenceEquals(known.Generation, cache.Generation))
            {
                stripped = known.Frame;
                break;
            }

            path.Push(frame);
        }

        while (path.TryPop(out CallFrame? next))
        {
            stripped = cache.Frame(stripped, next.Next, next.Count, null);
            next.WithoutKeys = (stripped, cache.Generation);
        }

        return stripped;
    }
}
