using System.Text;
using Orchard.Grammars.Automata;
using Orchard.Grammars.Compilation;

namespace Orchard.Grammars.Tokens;

/// <summary>Applies a grammar to the tokens of one model: which token may come when. Not thread-safe.</summary>
internal sealed class TokenGrammar
{
    private const int MaxCachedBytes = 32 << 20;
    private const int MaxForcedBytes = 64;

    // With more ways to go on, what came before says little.
    private const int MaxChoices = 6;

    private static readonly TokenExpectation Nothing = new(TokenExpectation.None, isCertain: false, learns: false);
    private static readonly byte[] UnusedControlToken = [Grammar.ControlToken];

    private readonly ITokenBytes _bytes;
    private readonly IReadOnlyList<string> _controlTexts;
    private readonly Dictionary<int, byte[]> _controlBytes = [];
    private (int Token, byte[] Bytes)[]? _controls;
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

    /// <summary>Returns which token is expected in a state.</summary>
    public TokenExpectation Expect(GrammarState state) => state.Expectation ??= FindExpectation(state);

    private TokenExpectation FindExpectation(GrammarState state)
    {
        if (state == Automaton.Dead || state.IsFinished)
        {
            return Nothing;
        }

        // Where a text may end, the end is one more way to go on.
        int choices = Automaton.CountNext(state, MaxChoices + 1, out _) + (state.IsComplete ? 1 : 0);
        bool learns = choices <= MaxChoices;
        if (choices != 1)
        {
            return learns ? new TokenExpectation(TokenExpectation.None, isCertain: false, learns) : Nothing;
        }

        ReadOnlySpan<byte> text = FindForced(state, stackalloc byte[MaxForcedBytes]);
        bool mayBeControl = false;
        foreach ((int control, byte[] bytes) in _controls ??= FindControls())
        {
            if (text.StartsWith(bytes))
            {
                return new TokenExpectation(control, isCertain: false, learns);
            }

            mayBeControl |= text.Length < bytes.Length && bytes.AsSpan().StartsWith(text);
        }

        int token = Vocabulary.FindPrefix(text, out bool isOnly);
        bool isCertain = isOnly && !mayBeControl && Follow(state, token) != Automaton.Dead;
        return new TokenExpectation(token, isCertain, learns: !isCertain);
    }

    // The bytes that come next in any case.
    private Span<byte> FindForced(GrammarState state, Span<byte> text)
    {
        int length = 0;
        while (length < text.Length && !state.IsComplete && Automaton.CountNext(state, 2, out byte next) == 1)
        {
            state = Automaton.Follow(state, next);
            if (state == Automaton.Dead)
            {
                break;
            }

            text[length++] = next;
        }

        return text[..length];
    }

    private (int Token, byte[] Bytes)[] FindControls() =>
    [
        .. Vocabulary.ControlTexts
            .Where(control => _controlTexts.Any(part => part.Contains(control.Text, StringComparison.Ordinal)))
            .Select(static control => (control.Token, Encoding.UTF8.GetBytes(control.Text))),
    ];

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
