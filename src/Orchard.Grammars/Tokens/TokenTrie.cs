using Orchard.Grammars.Automata;
using Orchard.Grammars.Compilation;

namespace Orchard.Grammars.Tokens;

/// <summary>
/// A model's vocabulary as a prefix tree over the bytes of its tokens, so that a prefix that many tokens share is followed only once.
/// Immutable.
/// </summary>
internal sealed class TokenTrie
{
    // The nodes in depth-first order, each before its descendants. For each: its byte, its depth, the index after its last descendant, and
    // the index in _tokens of the first token that ends there.
    private readonly byte[] _values;
    private readonly ushort[] _depths;
    private readonly int[] _ends;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;
    private readonly int _deepest;
    private readonly ControlToken[] _controls;
    private readonly int[] _endTokens;

    /// <param name="count">The number of tokens in the vocabulary.</param>
    /// <param name="getBytes">Returns the bytes of a token; empty for a control token.</param>
    /// <param name="isEnd">Returns whether a token ends a turn or the text.</param>
    /// <param name="getControlText">Returns the text of a control token, or null.</param>
    public TokenTrie(int count, Func<int, byte[]> getBytes, Func<int, bool> isEnd, Func<int, string?> getControlText)
    {
        Count = count;
        var ends = new List<int>();
        var controls = new List<ControlToken>();
        var texts = new List<(byte[] Bytes, int Token)>(count);
        for (int token = 0; token < count; token++)
        {
            byte[] bytes = getBytes(token);
            if (isEnd(token))
            {
                ends.Add(token);
            }
            else if (bytes.Length == 0)
            {
                controls.Add(new ControlToken(token, getControlText(token)));
            }
            else if (bytes.Length < ushort.MaxValue && !bytes.Contains(Grammar.ControlToken))
            {
                texts.Add((bytes, token)); // tokens with the byte that represents control tokens are never allowed
            }
        }

        _endTokens = [.. ends];
        _controls = [.. controls];
        texts.Sort(static (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes));

        var values = new List<byte>(count * 4);
        var depths = new List<ushort>(count * 4);
        int[] nodeOfText = new int[texts.Count];
        var path = new Stack<int>();
        var nodeEnds = new List<int>(count * 4);
        byte[] previous = [];
        for (int text = 0; text < texts.Count; text++)
        {
            byte[] bytes = texts[text].Bytes;
            int common = previous.AsSpan().CommonPrefixLength(bytes);
            while (path.Count > common)
            {
                nodeEnds[path.Pop()] = values.Count;
            }

            for (int depth = common; depth < bytes.Length; depth++)
            {
                path.Push(values.Count);
                values.Add(bytes[depth]);
                depths.Add((ushort)depth);
                nodeEnds.Add(0);
            }

            nodeOfText[text] = path.Peek();
            previous = bytes;
        }

        while (path.TryPop(out int node))
        {
            nodeEnds[node] = values.Count;
        }

        _values = [.. values];
        _depths = [.. depths];
        _ends = [.. nodeEnds];
        _deepest = texts.Count == 0 ? 0 : texts.Max(text => text.Bytes.Length);
        _tokens = [.. texts.Select(text => text.Token)];
        _firstTokens = new int[_values.Length + 1];
        for (int node = 0, text = 0; node <= _values.Length; node++)
        {
            _firstTokens[node] = text;
            while (text < texts.Count && nodeOfText[text] == node)
            {
                text++;
            }
        }
    }

    /// <summary>The number of tokens in the vocabulary.</summary>
    public int Count { get; }

    /// <summary>The tokens that end a turn or the text.</summary>
    public IReadOnlyList<int> EndTokens => _endTokens;

    public bool IsEnd(int token) => Array.BinarySearch(_endTokens, token) >= 0;

    /// <summary>Returns the text of a control token; null if it has none or is an ordinary token.</summary>
    public string? ControlTextOf(int token)
    {
        int index = Array.BinarySearch(_controls, new ControlToken(token, null), ControlToken.ById);
        return index >= 0 ? _controls[index].Text : null;
    }

    public bool IsControl(int token) => Array.BinarySearch(_controls, new ControlToken(token, null), ControlToken.ById) >= 0;

    /// <summary>Returns the longest token that a text begins with; negative if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isOnly">Whether no other token is a prefix of the text, and the text of none.</param>
    public int FindPrefix(ReadOnlySpan<byte> text, out bool isOnly)
    {
        int longest = -1;
        int count = 0;
        int node = 0;
        int end = _values.Length;
        int depth = 0;
        for (; depth < text.Length; depth++)
        {
            while (node < end && _values[node] != text[depth])
            {
                node = _ends[node];
            }

            if (node >= end)
            {
                break;
            }

            if (_firstTokens[node] < _firstTokens[node + 1])
            {
                longest = _tokens[_firstTokens[node]];
                count += _firstTokens[node + 1] - _firstTokens[node];
            }

            end = _ends[node];
            node++;
        }

        bool goesOn = depth == text.Length && node < end;
        isOnly = count == 1 && !goesOn;
        return longest;
    }

    /// <summary>Returns the control tokens with their texts.</summary>
    public IEnumerable<(int Token, string Text)> ControlTexts =>
        _controls.Where(static control => control.Text is { Length: > 0 }).Select(static control => (control.Token, control.Text!));

    /// <summary>Returns the tokens that are allowed in a state: bit t % 64 of element t / 64 for token t.</summary>
    public ulong[] FindAllowed(GrammarAutomaton automaton, GrammarState state, Func<int, byte[]> getControlBytes)
    {
        ulong[] allowed = new ulong[(Count + 63) / 64];
        var states = new GrammarState[_deepest + 1];
        states[0] = state;
        for (int node = 0; node < _values.Length;)
        {
            int depth = _depths[node];
            GrammarState next = automaton.Follow(states[depth], _values[node]);
            if (next == automaton.Dead)
            {
                node = _ends[node];
                continue;
            }

            states[depth + 1] = next;
            for (int i = _firstTokens[node]; i < _firstTokens[node + 1]; i++)
            {
                Allow(allowed, _tokens[i]);
            }

            node++;
        }

        foreach (ControlToken control in _controls)
        {
            if (automaton.Follow(state, getControlBytes(control.Token)) != automaton.Dead)
            {
                Allow(allowed, control.Token);
            }
        }

        if (state.IsComplete)
        {
            foreach (int token in _endTokens)
            {
                Allow(allowed, token);
            }
        }

        return allowed;
    }

    private static void Allow(ulong[] allowed, int token) => allowed[token >> 6] |= 1UL << token;

    private readonly record struct ControlToken(int Token, string? Text)
    {
        public static IComparer<ControlToken> ById { get; } = Comparer<ControlToken>.Create((a, b) => a.Token.CompareTo(b.Token));
    }
}
