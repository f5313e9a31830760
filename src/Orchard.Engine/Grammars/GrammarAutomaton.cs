using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Grammars;

/// <summary>
/// Runs a <see cref="Grammar"/>: gives its states, and where each byte leads from them. What was computed once is kept, up to a limit.
/// Owned by the scheduler's thread.
/// </summary>
/// <remarks>
/// A state is the set of all places in the grammar where a text may be, each with the calls it has to return to. Equal sets are one object,
/// and so are equal stacks of calls, so that following a byte that was followed before is one look-up. When too many states have been
/// kept, all are forgotten; whoever stands on a state of before takes it along with <see cref="Adopt"/>.
/// </remarks>
internal sealed class GrammarAutomaton
{
    private const int MaxKept = 16 * 1024;
    private const int MaxPlaces = 20_000;

    private readonly Grammar _grammar;
    private readonly Stack<(int Step, GrammarCall? Call)> _open = new();
    private readonly HashSet<(int Step, GrammarCall? Call)> _seen = [];
    private Dictionary<(GrammarCall? Parent, int Next, int Count), GrammarCall> _calls = [];
    private Dictionary<PlaceKey, GrammarState> _states = [];
    private int _lastCall;
    private object _generation = new();

    public GrammarAutomaton(Grammar grammar)
    {
        _grammar = grammar;
        Dead = new GrammarState([], isComplete: false, 0, _generation);
        Start = Close([(grammar.Start, null)]);
    }

    /// <summary>Before the first byte.</summary>
    public GrammarState Start { get; }

    /// <summary>Where every byte leads that no text of the grammar has there.</summary>
    public GrammarState Dead { get; }

    public Grammar Grammar => _grammar;

    /// <summary>Where a byte leads.</summary>
    /// <exception cref="GrammarException">The grammar is so ambiguous there that following it takes too much.</exception>
    public GrammarState Follow(GrammarState state, byte value)
    {
        return state == Dead ? Dead : state.Following[_grammar.ByteClasses[value]] ??= Compute(state, value);
    }

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
        ReferenceEquals(state.Generation, _generation) || state == Dead ? state : Intern(state.Places, state.IsComplete);

    /// <summary>Lets go of all states that are kept.</summary>
    public void Forget()
    {
        _states = [];
        _calls = [];
        _generation = new object();
    }

    private GrammarState Compute(GrammarState state, byte value)
    {
        var places = new List<(int, GrammarCall?)>();
        foreach ((int step, GrammarCall? call) in state.Places)
        {
            foreach (ByteEdge edge in _grammar.Steps[step].Edges)
            {
                if (value >= edge.First && value <= edge.Last)
                {
                    places.Add((edge.Target, call));
                }
            }
        }

        return places.Count == 0 ? Dead : Close(places);
    }

    /// <summary>Goes on from the places to all those that are reached without a byte.</summary>
    private GrammarState Close(List<(int Step, GrammarCall? Call)> from)
    {
        var places = new List<(int Step, GrammarCall? Call)>();
        bool isComplete = false;
        _seen.Clear();
        foreach ((int step, GrammarCall? call) in from)
        {
            Open(step, call);
        }

        while (_open.TryPop(out (int Step, GrammarCall? Call) place))
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
                        Open(target, place.Call);
                    }

                    break;
                case GrammarStepKind.Call:
                    Open(step.Target, Intern(place.Call, step.Next, 0));
                    break;
                case GrammarStepKind.Count:
                    Count(place.Step, place.Call, done: 0);
                    break;
                case GrammarStepKind.Return when place.Call is null:
                    isComplete = true;
                    break;
                case GrammarStepKind.Return when place.Call.Count > 0:
                    Count(place.Call.Next, place.Call.Parent, place.Call.Count);
                    break;
                case GrammarStepKind.Return:
                    Open(place.Call.Next, place.Call.Parent);
                    break;
            }
        }

        if (places.Count == 0 && !isComplete)
        {
            return Dead;
        }

        places.Sort(static (a, b) => a.Step != b.Step ? a.Step.CompareTo(b.Step) : (a.Call?.Id ?? 0).CompareTo(b.Call?.Id ?? 0));
        return Intern([.. places], isComplete);
    }

    private void Open(int step, GrammarCall? call)
    {
        if (_seen.Add((step, call)))
        {
            if (_seen.Count > MaxPlaces)
            {
                _open.Clear();
                throw new GrammarException($"The grammar is too ambiguous: a text can be in more than {MaxPlaces:N0} places of it at once.");
            }

            _open.Push((step, call));
        }
    }

    private void Count(int step, GrammarCall? call, int done)
    {
        GrammarStep count = _grammar.Steps[step];
        if (done < count.Max)
        {
            Open(count.Target, Intern(call, step, done + 1));
        }

        if (done >= count.Min)
        {
            Open(count.Next, call);
        }
    }

    private GrammarCall Intern(GrammarCall? parent, int next, int count)
    {
        if (!_calls.TryGetValue((parent, next, count), out GrammarCall? call))
        {
            _calls.Add((parent, next, count), call = new GrammarCall(parent, next, count, ++_lastCall));
        }

        return call;
    }

    private GrammarState Intern((int Step, GrammarCall? Call)[] places, bool isComplete)
    {
        if (_states.Count >= MaxKept || _calls.Count >= 4 * MaxKept)
        {
            Forget();
        }

        var key = new PlaceKey(places, isComplete);
        if (!_states.TryGetValue(key, out GrammarState? state))
        {
            _states.Add(key, state = new GrammarState(places, isComplete, _grammar.ClassCount, _generation));
        }

        return state;
    }

    private readonly struct PlaceKey : IEquatable<PlaceKey>
    {
        private readonly (int Step, GrammarCall? Call)[] _places;
        private readonly bool _isComplete;
        private readonly int _hash;

        public PlaceKey((int Step, GrammarCall? Call)[] places, bool isComplete)
        {
            _places = places;
            _isComplete = isComplete;
            var hash = default(HashCode);
            hash.Add(isComplete);
            foreach ((int step, GrammarCall? call) in places)
            {
                hash.Add(step);
                hash.Add(call?.Id ?? 0);
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(PlaceKey other) =>
            _hash == other._hash && _isComplete == other._isComplete && _places.AsSpan().SequenceEqual(other._places);

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is PlaceKey other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}

/// <summary>One call under way, and through its parent all that it is part of.</summary>
/// <param name="parent">The call it is part of; null: none.</param>
/// <param name="next">Where it returns to.</param>
/// <param name="count">Which repetition of a counted step it is, from 1; 0: no repetition.</param>
/// <param name="id">Unique among the calls of an automaton.</param>
internal sealed class GrammarCall(GrammarCall? parent, int next, int count, int id)
{
    public GrammarCall? Parent { get; } = parent;

    public int Next { get; } = next;

    public int Count { get; } = count;

    public int Id { get; } = id;
}

/// <summary>Where a text can be in a grammar. Owned by a <see cref="GrammarAutomaton"/>.</summary>
internal sealed class GrammarState((int Step, GrammarCall? Call)[] places, bool isComplete, int byteClasses, object generation)
{
    /// <summary>The places, each of which reads a byte.</summary>
    public (int Step, GrammarCall? Call)[] Places { get; } = places;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete { get; } = isComplete;

    /// <summary>Whether the text must end here.</summary>
    public bool IsFinished => IsComplete && Places.Length == 0;

    /// <summary>Where the bytes of each class lead, as far as they were followed.</summary>
    public GrammarState?[] Following { get; } = new GrammarState?[byteClasses];

    public object Generation { get; } = generation;

    /// <summary>The tokens that may come next, a bit each; null until they were asked for.</summary>
    public ulong[]? Allowed { get; set; }
}
