using System.Text;
using Orchard.Grammars.Automata;
using Orchard.Grammars.Compilation;

namespace Orchard.Grammars.Tokens;

/// <summary>Applies a grammar to the tokens of one model: which token may come when. Not thread-safe.</summary>
internal sealed class TokenGrammar
{
    private const int MaxCachedBytes = 32 << 20;
    private static readonly byte[] UnusedControlToken = [Grammar.ControlToken];

    private readonly ITokenBytes _bytes;
    private readonly IReadOnlyList<string> _controlTexts;
    private readonly Dictionary<int, byte[]> _controlBytes = [];
    private int _cachedBytes;

    /// <param name="grammar">The grammar.</param>
    /// <param name="trie">The model's vocabulary.</param>
    /// <param name="bytes">The bytes of its tokens.</param>
    public TokenGrammar(Grammar grammar, TokenTrie trie, ITokenBytes bytes)
    {
        Automaton = new GrammarAutomaton(grammar);
        Vocabulary = trie;
        _bytes = bytes;
        _controlTexts = grammar.ControlTexts;
    }

    public GrammarAutomaton Automaton { get; }

    public TokenTrie Vocabulary { get; }

    /// <summary>Returns the state after a token: the dead state if the token is not allowed.</summary>
    public GrammarState Follow(GrammarState state, int token) =>
        Automaton.Follow(state, Vocabulary.IsControl(token) ? ControlBytesOf(token) : _bytes.GetBytes(token));

    /// <summary>
    /// Returns the tokens that are allowed in a state, one bit each. Some of them may repeat a key of an object; following them shows that.
    /// </summary>
    public ulong[] FindAllowed(GrammarState state)
    {
        state = Automaton.WithoutKeys(state);
        if (state.Allowed is { } known)
        {
            return known;
        }

        ulong[] allowed = Vocabulary.FindAllowed(Automaton, state, ControlBytesOf);
        _cachedBytes += allowed.Length * sizeof(ulong);
        if (_cachedBytes > MaxCachedBytes)
        {
            _cachedBytes = 0;
            Automaton.ClearCache();
        }

        return state.Allowed = allowed;
    }

    private byte[] ControlBytesOf(int token)
    {
        if (!_controlBytes.TryGetValue(token, out byte[]? bytes))
        {
            bytes = _controlBytes[token] = Vocabulary.ControlTextOf(token) is { Length: > 0 } text
                && _controlTexts.Any(part => part.Contains(text, StringComparison.Ordinal))
                    ? Encoding.UTF8.GetBytes(text)
                    : UnusedControlToken;
        }

        return bytes;
    }
}
