namespace Orchard.Grammars.Automata;

/// <summary>The set of all positions in a grammar that a text can be at. A <see cref="GrammarAutomaton"/> owns it.</summary>
internal sealed class GrammarState(GrammarPosition[] positions, bool isComplete, bool tracksKeys, int byteClasses, object generation)
{
    private readonly int _byteClasses = byteClasses;
    private GrammarState?[]? _following;

    /// <summary>The positions, each at a step that reads a byte.</summary>
    public GrammarPosition[] Positions { get; } = positions;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete { get; } = isComplete;

    /// <summary>Whether the keys of objects are tracked, so that none occurs twice.</summary>
    public bool TracksKeys { get; } = tracksKeys;

    /// <summary>Whether the text must end here.</summary>
    public bool IsFinished => IsComplete && Positions.Length == 0;

    /// <summary>The state after a byte of each class; null where it has not been computed.</summary>
    public GrammarState?[] Following => _following ??= new GrammarState?[_byteClasses];

    /// <summary>The generation of the cache that the state belongs to.</summary>
    public object Generation { get; } = generation;

    /// <summary>The same state without tracked keys; null until it is needed.</summary>
    public GrammarState? WithoutKeys { get; set; }

    /// <summary>The tokens that may come next, one bit each; null until they are needed.</summary>
    public ulong[]? Allowed { get; set; }

    /// <summary>What is expected to come next; null until it is needed.</summary>
    public TokenExpectation? Expectation { get; set; }
}
