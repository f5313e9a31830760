using Orchard.Grammars.Compilation;

namespace Orchard.Grammars.Automata;

/// <summary>
/// Runs a <see cref="Compilation.Grammar"/>: computes the state after each byte, and caches what it computed. Not thread-safe.
/// </summary>
/// <remarks>
/// A state is the set of all positions in the grammar that a text can be at, each with its call stack. Equal states and equal stacks are
/// one object, so following a byte that was followed before is a single array access. When the cache is full, all states are dropped; a
/// sequence keeps its current state with <see cref="Adopt"/>. <see cref="KeyUniqueness"/> describes how the keys of objects are tracked.
/// </remarks>
internal sealed class GrammarAutomaton
{
    private const int MaxPositions = 20_000;

    private readonly GrammarStep[] _steps;
    private readonly byte[] _byteClasses;
    private readonly StateCache _cache;
    private readonly Stack<GrammarPosition> _open = new();
    private readonly HashSet<GrammarPosition> _seen = [];

    public GrammarAutomaton(Grammar grammar)
    {
        _steps = grammar.Steps;
        _byteClasses = grammar.ByteClasses;
        _cache = new StateCache(grammar.ClassCount);
        Dead = new GrammarState([], isComplete: false, tracksKeys: true, 0, _cache.Generation);
        Start = Close([new GrammarPosition(grammar.Start, null, null)], tracksKeys: grammar.HasKeys);
    }

    /// <summary>The state before the first byte.</summary>
    public GrammarState Start { get; }

    /// <summary>The state after a byte that no text of the grammar continues with.</summary>
    public GrammarState Dead { get; }

    /// <summary>Returns the state after a byte.</summary>
    /// <exception cref="GrammarException">The grammar is too ambiguous at this position.</exception>
    public GrammarState Follow(GrammarState state, byte value) =>
        state == Dead ? Dead : state.Following[_byteClasses[value]] ?? Compute(state, value);

    /// <summary>Returns the state after several bytes.</summary>
    /// <exception cref="GrammarException">The grammar is too ambiguous at one of the positions.</exception>
    public GrammarState Follow(GrammarState state, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            state = Follow(state, value);
            if (state == Dead)
            {
                break;
            }
        }

        return state;
    }

    /// <summary>Returns the state of the current generation that equals a state of any generation.</summary>
    public GrammarState Adopt(GrammarState state) =>
        ReferenceEquals(state.Generation, _cache.Generation) || state == Dead
            ? state
            : _cache.State(state.Positions, state.IsComplete, state.TracksKeys);

    /// <summary>Returns the same state without tracked keys: from there, keys may repeat.</summary>
    public GrammarState WithoutKeys(GrammarState state)
    {
        if (!state.TracksKeys || state == Dead)
        {
            return state;
        }

        if (state.WithoutKeys is { } known && ReferenceEquals(known.Generation, _cache.Generation))
        {
            return known;
        }

        GrammarPosition[] positions =
        [
            .. state.Positions.Select(position => new GrammarPosition(position.Step, _cache.WithoutKeys(position.Frame), null)).Distinct(),
        ];
        return state.WithoutKeys = _cache.State(positions, state.IsComplete, tracksKeys: false);
    }

    /// <summary>Counts the bytes that may come next, up to a limit. Bytes that would repeat a key are counted.</summary>
    /// <param name="state">The state.</param>
    /// <param name="limit">The count that is returned if there are at least as many.</param>
    /// <param name="only">The byte, if it is the only one.</param>
    public int CountNext(GrammarState state, int limit, out byte only)
    {
        Span<bool> isNext = stackalloc bool[byte.MaxValue + 1];
        int count = 0;
        only = 0;
        foreach (GrammarPosition position in state.Positions)
        {
            foreach (ByteEdge edge in _steps[position.Step].Edges)
            {
                for (int value = edge.First; value <= edge.Last; value++)
                {
                    if (isNext[value])
                    {
                        continue;
                    }

                    isNext[value] = true;
                    only = (byte)value;
                    if (++count == limit)
                    {
                        return count;
                    }
                }
            }
        }

        return count;
    }

    /// <summary>Drops all cached states.</summary>
    public void ClearCache() => _cache.Clear();

    private GrammarState Compute(GrammarState state, byte value)
    {
        var positions = new List<GrammarPosition>();
        bool hasKey = false;
        foreach (GrammarPosition position in state.Positions)
        {
            foreach (ByteEdge edge in _steps[position.Step].Edges)
            {
                if (value >= edge.First && value <= edge.Last)
                {
                    hasKey |= position.Key is not null;
                    KeyText? key = position.Key is { } before ? _cache.Key(before, value) : null;
                    positions.Add(new GrammarPosition(edge.Target, position.Frame, key));
                }
            }
        }

        GrammarState next = positions.Count == 0 ? Dead : Close(positions, state.TracksKeys);
        if (!hasKey)
        {
            state.Following[_byteClasses[value]] = next; // within a key, bytes of the same class lead to different states
        }

        return next;
    }

    // Follows all steps that need no byte, and returns the state of the positions reached.
    private GrammarState Close(List<GrammarPosition> from, bool tracksKeys)
    {
        var positions = new List<GrammarPosition>();
        bool isComplete = false;
        _seen.Clear();
        _open.Clear();
        foreach (GrammarPosition position in from)
        {
            Open(position.Step, position.Frame, position.Key);
        }

        while (_open.TryPop(out GrammarPosition at))
        {
            GrammarStep step = _steps[at.Step];
            switch (step.Kind)
            {
                case GrammarStepKind.Read:
                    positions.Add(at);
                    break;
                case GrammarStepKind.Fork:
                    foreach (int target in step.Targets)
                    {
                        Open(target, at.Frame, at.Key);
                    }

                    break;
                case GrammarStepKind.Call:
                    Open(step.Target, _cache.Frame(at.Frame, step.Next, 0, step.IsObject && tracksKeys ? KeySet.Empty : null), at.Key);
                    break;
                case GrammarStepKind.Count:
                    Count(at.Step, at.Frame, at.Key, done: 0);
                    break;
                case GrammarStepKind.BeginKey:
                    Open(step.Next, at.Frame, tracksKeys ? KeyText.Empty : null);
                    break;
                case GrammarStepKind.EndKey when at.Key is null:
                    Open(step.Next, at.Frame, null);
                    break;
                case GrammarStepKind.EndKey:
                    if (_cache.TryAddKey(at.Frame, at.Key, out CallFrame? frame))
                    {
                        Open(step.Next, frame, null);
                    }

                    break;
                case GrammarStepKind.Return when at.Frame is null:
                    isComplete = true;
                    break;
                case GrammarStepKind.Return when at.Frame.Count > 0:
                    Count(at.Frame.Next, at.Frame.Parent, at.Key, at.Frame.Count);
                    break;
                case GrammarStepKind.Return:
                    Open(at.Frame.Next, at.Frame.Parent, at.Key);
                    break;
            }
        }

        return positions.Count == 0 && !isComplete ? Dead : _cache.State([.. positions], isComplete, tracksKeys);
    }

    private void Open(int step, CallFrame? frame, KeyText? key)
    {
        var position = new GrammarPosition(step, frame, key);
        if (_seen.Add(position))
        {
            if (_seen.Count > MaxPositions)
            {
                throw new GrammarException(
                    $"The grammar is too ambiguous: the text so far can be at more than {MaxPositions:N0} positions. "
                    + "Rewrite it with fewer alternatives.");
            }

            _open.Push(position);
        }
    }

    private void Count(int step, CallFrame? frame, KeyText? key, int done)
    {
        GrammarStep count = _steps[step];
        if (done < count.Max)
        {
            Open(count.Target, _cache.Frame(frame, step, done + 1, null), key);
        }

        if (done >= count.Min)
        {
            Open(count.Next, frame, key);
        }
    }
}
