using System.Diagnostics.CodeAnalysis;

namespace Orchard.Grammars.Automata;

/// <summary>Interns the states of an automaton and what they consist of, so that equal ones are one object. Not thread-safe.</summary>
/// <remarks>
/// When the cache is full, it is cleared and a new generation begins. Objects of an older generation remain usable, but are no longer equal
/// by reference to new ones.
/// </remarks>
internal sealed class StateCache(int byteClasses)
{
    private const int MaxStates = 16 * 1024;
    private const int MaxFrames = 4 * MaxStates;

    private Dictionary<(CallFrame? Parent, int Next, int Count, KeySet? Keys), CallFrame> _frames = [];
    private Dictionary<(KeyText Parent, byte Last), KeyText> _keys = [];
    private Dictionary<(KeySet Parent, KeyText Last), KeySet> _keySets = [];
    private Dictionary<StateKey, GrammarState> _states = [];
    private int _lastId;

    /// <summary>Identifies the time since the cache was last cleared.</summary>
    public object Generation { get; private set; } = new();

    public KeyText Key(KeyText parent, byte last)
    {
        if (!_keys.TryGetValue((parent, last), out KeyText? key))
        {
            _keys.Add((parent, last), key = new KeyText(parent, last, ++_lastId));
        }

        return key;
    }

    public KeySet Keys(KeySet parent, KeyText last)
    {
        if (!_keySets.TryGetValue((parent, last), out KeySet? keys))
        {
            _keySets.Add((parent, last), keys = new KeySet(parent, last));
        }

        return keys;
    }

    public CallFrame Frame(CallFrame? parent, int next, int count, KeySet? keys)
    {
        if (!_frames.TryGetValue((parent, next, count, keys), out CallFrame? frame))
        {
            _frames.Add((parent, next, count, keys), frame = new CallFrame(parent, next, count, keys, ++_lastId));
        }

        return frame;
    }

    /// <summary>Returns the state of these positions. Sorts them in place.</summary>
    public GrammarState State(GrammarPosition[] positions, bool isComplete, bool tracksKeys)
    {
        if (_states.Count >= MaxStates || _frames.Count >= MaxFrames)
        {
            Clear();
        }

        Array.Sort(
            positions,
            static (a, b) => a.Step != b.Step ? a.Step.CompareTo(b.Step) : (a.Frame?.Id ?? 0).CompareTo(b.Frame?.Id ?? 0));
        var key = new StateKey(positions, isComplete, tracksKeys);
        if (!_states.TryGetValue(key, out GrammarState? state))
        {
            _states.Add(key, state = new GrammarState(positions, isComplete, tracksKeys, byteClasses, Generation));
        }

        return state;
    }

    public void Clear()
    {
        _states = [];
        _frames = [];
        _keys = [];
        _keySets = [];
        Generation = new object();
    }

    private readonly struct StateKey : IEquatable<StateKey>
    {
        private readonly GrammarPosition[] _positions;
        private readonly bool _isComplete;
        private readonly bool _tracksKeys;
        private readonly int _hash;

        public StateKey(GrammarPosition[] positions, bool isComplete, bool tracksKeys)
        {
            _positions = positions;
            _isComplete = isComplete;
            _tracksKeys = tracksKeys;
            var hash = default(HashCode);
            foreach (GrammarPosition position in positions)
            {
                hash.Add(position.GetHashCode());
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(StateKey other) =>
            _hash == other._hash
            && _isComplete == other._isComplete
            && _tracksKeys == other._tracksKeys
            && _positions.AsSpan().SequenceEqual(other._positions);

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is StateKey other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
