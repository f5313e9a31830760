using System.Text;

namespace Orchard.Grammars;

/// <summary>One model's tokens held against one grammar: which may come when. Owned by the scheduler's thread.</summary>
internal sealed class TokenGrammar
{
    private const int MaxKeptBytes = 32 << 20;
    private static readonly byte[] UnknownControl = [Grammar.ControlToken];

    private readonly ITokenBytes _bytes;
    private readonly HashSet<string> _controlTexts;
    private int _keptBytes;

    /// <param name="grammar">What a text may be.</param>
    /// <param name="trie">The model's vocabulary.</param>
    /// <param name="bytes">The bytes of its tokens.</param>
    public TokenGrammar(Grammar grammar, TokenTrie trie, ITokenBytes bytes)
    {
        Automaton = new GrammarAutomaton(grammar);
        Vocabulary = trie;
        _bytes = bytes;
        _controlTexts = [.. grammar.ControlTexts];
    }

    public GrammarAutomaton Automaton { get; }

    public TokenTrie Vocabulary { get; }

    /// <summary>Where a token leads; to the dead state when it may not come.</summary>
    public GrammarState Follow(GrammarState state, int token) =>
        Automaton.Follow(state, Vocabulary.IsControl(token) ? ControlBytesOf(token) : _bytes.GetBytes(token));

    /// <summary>
    /// The tokens that may come in a state: a bit each. A few of them may write a key again, which shows only when they are followed.
    /// </summary>
    public ulong[] FindAllowed(GrammarState state)
    {
        state = Automaton.WithoutKeys(state);
        if (state.Allowed is { } known)
        {
            return known;
        }

        ulong[] allowed = Vocabulary.FindAllowed(Automaton, state, ControlBytesOf);
        _keptBytes += allowed.Length * sizeof(ulong);
        if (_keptBytes > MaxKeptBytes)
        {
            _keptBytes = 0;
            Automaton.Forget();
        }

        return state.Allowed = allowed;
    }

    private byte[] ControlBytesOf(int token) =>
        Vocabulary.ControlTextOf(token) is { Length: > 0 } text && _controlTexts.Contains(text) ? Encoding.UTF8.GetBytes(text) : UnknownControl;
}

/// <summary>The bytes of a vocabulary's tokens.</summary>
internal interface ITokenBytes
{
    ReadOnlySpan<byte> GetBytes(int token);
}
