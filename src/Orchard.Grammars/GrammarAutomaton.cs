using System.Diagnostics.CodeAnalysis;

namespace Orchard.Grammars;

/// <summary>
/// Runs a <see cref="Grammar"/>: gives its states, and where each byte leads from them. What was computed once is kept, up to a limit.
/// Owned by the scheduler's thread.
/// </summary>
/// <remarks>
/// A state is the set of all places in the grammar where a text may be, each with the calls it has to return to. Equal sets are one object,
/// and so are equal stacks of calls, so that following a byte that was followed before is one look-up. When too many states have been
/// kept, all are forgotten; whoever stands on a state of before takes it along with <see cref="Adopt"/>. The keys of objects are part of the
/// calls, so states after different keys differ; <see cref="WithoutKeys(GrammarState)"/> gives the state that they have in common.
/// </remarks>
internal sealed class GrammarAutomaton
{
    private const int MaxKept = 16 * 1024;
    private const int MaxPlaces = 20_000;

    private readonly Grammar _grammar;
    private readonly Stack<GrammarPlace> _open = new();
    private readonly HashSet<GrammarPlace> _seen = [];
    private Dictionary<(GrammarCall? Parent, int Next, int Count, GrammarKeys? Keys), GrammarCall> _calls = [];
    private Dictionary<(GrammarKey Parent, byte Last), GrammarKey> _keys = [];
    private Dictionary<(GrammarKeys Parent, GrammarKey Last), GrammarKeys> _keySets = [];
    private Dictionary<PlaceKey, GrammarState> _states = [];
    private int _lastId;
    private object _generation = new();

    public GrammarAutomaton(Grammar grammar)
    {
        _grammar = grammar;
        Dead = new GrammarState([], isComplete: false, knowsKeys: true, 0, _generation);
        Start = Close([new GrammarPlace(grammar.Start, null, null)], knowsKeys: grammar.HasKeys);
    }

    /// <summary>Before the first byte.</summary>
    public GrammarState Start { get; }

    /// <summary>Where every byte leads that no text of the grammar has there.</summary>
    public GrammarState Dead { get; }

    public Grammar Grammar => _grammar;

    /// <summary>Where a byte leads.</summary>
    /// <exception cref="GrammarException">The grammar is so ambiguous there that following it takes too much.</exception>
    public GrammarState Follow(GrammarState state, byte value) =>
        state == Dead ? Dead : state.Following[_grammar.ByteClasses[value]] ?? Compute(state, value);

    /// <summary>Where several bytes lead.</summary>
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

    /// <summary>The same state among those that are kept now.</summary>
    public GrammarState Adopt(GrammarState state) =>
        ReferenceEquals(state.Generation, _generation) || state == Dead ? state : Intern(state.Places, state.IsComplete, state.KnowsKeys);

    /// <summary>The same place in the grammar, from which on keys may come again.</summary>
    public GrammarState WithoutKeys(GrammarState state)
    {
        if (!state.KnowsKeys || state == Dead)
        {
            return state;
        }

        if (state.WithoutKeys is { } known && ReferenceEquals(known.Generation, _generation))
        {
            return known;
        }

        GrammarPlace[] places = [.. state.Places.Select(place => new GrammarPlace(place.Step, WithoutKeys(place.Call), null)).Distinct()];
        return state.WithoutKeys = Intern(Sorted(places), state.IsComplete, knowsKeys: false);
    }

    /// <summary>Lets go of all states that are kept.</summary>
    public void Forget()
    {
        _states = [];
        _calls = [];
        _keys = [];
        _keySets = [];
        _generation = new object();
    }

    private GrammarState Compute(GrammarState state, byte value)
    {
        var places = new List<GrammarPlace>();
        bool hasKey = false;
        foreach (GrammarPlace place in state.Places)
        {
            foreach (ByteEdge edge in _grammar.Steps[place.Step].Edges)
            {
                if (value >= edge.First && value <= edge.Last)
                {
                    hasKey |= place.Key is not null;
                    places.Add(new GrammarPlace(edge.Target, place.Call, place.Key is { } key ? Intern(key, value) : null));
                }
            }
        }

        GrammarState next = places.Count == 0 ? Dead : Close(places, state.KnowsKeys);
        if (!hasKey)
        {
            state.Following[_grammar.ByteClasses[value]] = next; // the bytes of a key differ, though they may be of one class
        }

        return next;
    }

    /// <summary>Goes on from the places to all those that are reached without a byte.</summary>
    private GrammarState Close(List<GrammarPlace> from, bool knowsKeys)
    {
        var places = new List<GrammarPlace>();
        bool isComplete = false;
        _seen.Clear();
        _open.Clear();
        foreach (GrammarPlace place in from)
        {
            Open(place.Step, place.Call, place.Key);
        }

        while (_open.TryPop(out GrammarPlace place))
        {
            GrammarStep step = _grammar.Steps[place.Step];
            switch (step.Kind)
            {
                case GrammarStepKind.Read:
                    places.Add(place);
                    break;
                case GrammarStepKind.Fork:
                    foreach (int target in step.Targets)
                    {
                        Open(target, place.Call, place.Key);
                    }

                    break;
                case GrammarStepKind.Call:
                    Open(step.Target, Intern(place.Call, step.Next, 0, step.IsObject && knowsKeys ? GrammarKeys.None : null), place.Key);
                    break;
                case GrammarStepKind.Count:
                    Count(place.Step, place.Call, place.Key, done: 0);
                    break;
                case GrammarStepKind.BeginKey:
                    Open(step.Next, place.Call, knowsKeys ? GrammarKey.Empty : null);
                    break;
                case GrammarStepKind.EndKey when place.Key is null:
                    Open(step.Next, place.Call, null);
                    break;
                case GrammarStepKind.EndKey:
                    if (TryAddKey(place.Call, place.Key, out GrammarCall? call))
                    {
                        Open(step.Next, call, null);
                    }

                    break;
                case GrammarStepKind.Return when place.Call is null:
                    isComplete = true;
                    break;
                case GrammarStepKind.Return when place.Call.Count > 0:
                    Count(place.Call.Next, place.Call.Parent, place.Key, place.Call.Count);
                    break;
                case GrammarStepKind.Return:
                    Open(place.Call.Next, place.Call.Parent, place.Key);
                    break;
            }
        }

        return places.Count == 0 && !isComplete ? Dead : Intern(Sorted([.. places]), isComplete, knowsKeys);
    }

    private void Open(int step, GrammarCall? call, GrammarKey? key)
    {
        var place = new GrammarPlace(step, call, key);
        if (_seen.Add(place))
        {
            if (_seen.Count > MaxPlaces)
            {
                throw new GrammarException($"The grammar is too ambiguous: a text can be in more than {MaxPlaces:N0} places of it at once.");
            }

            _open.Push(place);
        }
    }

    private void Count(int step, GrammarCall? call, GrammarKey? key, int done)
    {
        GrammarStep count = _grammar.Steps[step];
        if (done < count.Max)
        {
            Open(count.Target, Intern(call, step, done + 1, null), key);
        }

        if (done >= count.Min)
        {
            Open(count.Next, call, key);
        }
    }

    /// <summary>The same calls, the innermost object of which has had the key as well; false when it has had it before.</summary>
    private bool TryAddKey(GrammarCall? call, GrammarKey key, out GrammarCall? added)
    {
        added = call;
        if (call is null)
        {
            return true; // a key of no object
        }

        if (call.Keys is { } keys)
        {
            if (keys.Contains(key))
            {
                return false;
            }

            if (!_keySets.TryGetValue((keys, key), out GrammarKeys? more))
            {
                _keySets.Add((keys, key), more = new GrammarKeys(keys, key));
            }

            added = Intern(call.Parent, call.Next, call.Count, more);
            return true;
        }

        if (!TryAddKey(call.Parent, key, out GrammarCall? parent))
        {
            return false;
        }

        added = Intern(parent, call.Next, call.Count, null);
        return true;
    }

    private GrammarCall? WithoutKeys(GrammarCall? call)
    {
        // From the outermost in, and not by recursion: calls can be nested as deep as a text is long.
        var path = new Stack<GrammarCall>();
        GrammarCall? stripped = null;
        for (; call is not null; call = call.Parent)
        {
            if (call.WithoutKeys is { } known && ReferenceEquals(known.Generation, _generation))
            {
                stripped = known.Call;
                break;
            }

            path.Push(call);
        }

        while (path.TryPop(out GrammarCall? next))
        {
            stripped = Intern(stripped, next.Next, next.Count, null);
            next.WithoutKeys = (stripped, _generation);
        }

        return stripped;
    }

    private GrammarKey Intern(GrammarKey parent, byte last)
    {
        if (!_keys.TryGetValue((parent, last), out GrammarKey? key))
        {
            _keys.Add((parent, last), key = new GrammarKey(parent, last, ++_lastId));
        }

        return key;
    }

    private GrammarCall Intern(GrammarCall? parent, int next, int count, GrammarKeys? keys)
    {
        if (!_calls.TryGetValue((parent, next, count, keys), out GrammarCall? call))
        {
            _calls.Add((parent, next, count, keys), call = new GrammarCall(parent, next, count, keys, ++_lastId));
        }

        return call;
    }

    private GrammarState Intern(GrammarPlace[] places, bool isComplete, bool knowsKeys)
    {
        if (_states.Count >= MaxKept || _calls.Count >= 4 * MaxKept)
        {
            Forget();
        }

        var key = new PlaceKey(places, isComplete, knowsKeys);
        if (!_states.TryGetValue(key, out GrammarState? state))
        {
            _states.Add(key, state = new GrammarState(places, isComplete, knowsKeys, _grammar.ClassCount, _generation));
        }

        return state;
    }

    private static GrammarPlace[] Sorted(GrammarPlace[] places)
    {
        Array.Sort(places, static (a, b) => a.Step != b.Step ? a.Step.CompareTo(b.Step) : (a.Call?.Id ?? 0).CompareTo(b.Call?.Id ?? 0));
        return places;
    }

    private readonly struct PlaceKey : IEquatable<PlaceKey>
    {
        private readonly GrammarPlace[] _places;
        private readonly bool _isComplete;
        private readonly bool _knowsKeys;
        private readonly int _hash;

        public PlaceKey(GrammarPlace[] places, bool isComplete, bool knowsKeys)
        {
            _places = places;
            _isComplete = isComplete;
            _knowsKeys = knowsKeys;
            var hash = default(HashCode);
            foreach (GrammarPlace place in places)
            {
                hash.Add(place.GetHashCode());
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(PlaceKey other) =>
            _hash == other._hash && _isComplete == other._isComplete && _knowsKeys == other._knowsKeys && _places.AsSpan().SequenceEqual(other._places);

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is PlaceKey other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}

/// <summary>A place in a grammar where a text may be. Calls and keys are compared by reference: equal ones are one object.</summary>
/// <param name="Step">The step.</param>
/// <param name="Call">The call it is part of; null: none.</param>
/// <param name="Key">What was read of a key; null outside of keys.</param>
internal readonly record struct GrammarPlace(int Step, GrammarCall? Call, GrammarKey? Key)
{
    public bool Equals(GrammarPlace other) => Step == other.Step && ReferenceEquals(Call, other.Call) && ReferenceEquals(Key, other.Key);

    public override int GetHashCode() => HashCode.Combine(Step, Call?.Id ?? 0, Key?.Id ?? 0);
}

/// <summary>One call under way, and through its parent all that it is part of.</summary>
/// <param name="parent">The call it is part of; null: none.</param>
/// <param name="next">Where it returns to.</param>
/// <param name="count">Which repetition of a counted step it is, from 1; 0: no repetition.</param>
/// <param name="keys">The keys that an object has had; null: it is no object.</param>
/// <param name="id">Unique in an automaton.</param>
internal sealed class GrammarCall(GrammarCall? parent, int next, int count, GrammarKeys? keys, int id)
{
    public GrammarCall? Parent { get; } = parent;

    public int Next { get; } = next;

    public int Count { get; } = count;

    public GrammarKeys? Keys { get; } = keys;

    public int Id { get; } = id;

    /// <summary>The same calls without keys, as they were found in a generation of states.</summary>
    public (GrammarCall Call, object Generation)? WithoutKeys { get; set; }
}

/// <summary>What was read of a key.</summary>
internal sealed class GrammarKey(GrammarKey? parent, byte last, int id)
{
    public static GrammarKey Empty { get; } = new(null, 0, -1);

    public int Id { get; } = id;

    private GrammarKey? Parent { get; } = parent;

    private byte Last { get; } = last;

    private int Length { get; } = parent is null ? 0 : parent.Length + 1;

    // By content: one of them may be of an older generation of states.
    public static bool AreEqual(GrammarKey a, GrammarKey b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        while (a != b)
        {
            if (a.Last != b.Last)
            {
                return false;
            }

            a = a.Parent!;
            b = b.Parent!;
        }

        return true;
    }
}

/// <summary>The keys that an object has had.</summary>
internal sealed class GrammarKeys(GrammarKeys? others, GrammarKey? last)
{
    public static GrammarKeys None { get; } = new(null, null);

    private GrammarKeys? Others { get; } = others;

    private GrammarKey? Last { get; } = last;

    public bool Contains(GrammarKey key)
    {
        for (GrammarKeys keys = this; keys.Last is { } last; keys = keys.Others!)
        {
            if (GrammarKey.AreEqual(last, key))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Where a text can be in a grammar. Owned by a <see cref="GrammarAutomaton"/>.</summary>
internal sealed class GrammarState(GrammarPlace[] places, bool isComplete, bool knowsKeys, int byteClasses, object generation)
{
    private readonly int _byteClasses = byteClasses;
    private GrammarState?[]? _following;

    /// <summary>The places, each of which reads a byte.</summary>
    public GrammarPlace[] Places { get; } = places;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete { get; } = isComplete;

    /// <summary>Whether keys are remembered, so that none comes twice.</summary>
    public bool KnowsKeys { get; } = knowsKeys;

    /// <summary>Whether the text must end here.</summary>
    public bool IsFinished => IsComplete && Places.Length == 0;

    /// <summary>Where the bytes of each class lead, as far as they were followed.</summary>
    public GrammarState?[] Following => _following ??= new GrammarState?[_byteClasses];

    public object Generation { get; } = generation;

    /// <summary>The state that this one is when keys are left out of account; null until it was asked for.</summary>
    public GrammarState? WithoutKeys { get; set; }

    /// <summary>The tokens that may come next, a bit each; null until they were asked for.</summary>
    public ulong[]? Allowed { get; set; }
}
