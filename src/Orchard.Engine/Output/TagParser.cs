using System.Text;

namespace Orchard.Engine.Output;

/// <summary>Output in which marks set thinking and calls off from the message. See <see cref="OutputParser"/>.</summary>
internal sealed class TagParser : OutputParser
{
    private readonly OutputSyntax _syntax;
    private readonly IOutputItems _items;
    private readonly MarkScanner _thinkingEnd;
    private readonly MarkScanner _marks;
    private readonly StringBuilder _released = new();
    private readonly StringBuilder _space = new(); // white space that belongs to the item only if more of it follows
    private CallReader? _calls;
    private string _callMark = "";
    private bool _isThinking;
    private bool _hasMessage;
    private bool _hasCalls;
    private bool _hasThought;
    private bool _hasReasoning;

    public TagParser(OutputSyntax syntax, IOutputItems items)
    {
        _syntax = syntax;
        _items = items;
        _thinkingEnd = new MarkScanner([syntax.ThinkingEnd]);
        _marks = new MarkScanner([.. syntax.HasThinking ? [syntax.ThinkingStart] : Array.Empty<string>(), .. syntax.Calls?.Marks ?? []]);
        _isThinking = syntax.BeginsThinking && syntax.HasThinking;
    }

    public override bool IsThinking => _isThinking;

    public override void Complete()
    {
        if (_calls is { HasCalls: false } calls)
        {
            _calls = null;
            Emit(_callMark);
            Emit(calls.Unread.ToString());
        }

        _released.Clear();
        (_isThinking ? _thinkingEnd : _marks).Complete(_released);
        Emit(_released.ToString());

        // White space at the end is the message's own, unless all of the answer was calls.
        if (!_isThinking && !_hasCalls && _hasMessage)
        {
            _items.Text(_space.ToString());
        }
    }

    protected override void Read(char character)
    {
        if (_calls is not null)
        {
            ReadCalls(_calls, character);
            return;
        }

        _released.Clear();
        string? mark = (_isThinking ? _thinkingEnd : _marks).Read(character, _released);
        for (int i = 0; i < _released.Length; i++)
        {
            Emit(_released[i]);
        }

        if (mark is not null)
        {
            Meet(mark);
        }
    }

    private void Meet(string mark)
    {
        if (_isThinking)
        {
            _isThinking = false;
            _space.Clear();
        }
        else if (mark == _syntax.ThinkingStart && !_hasMessage && !_hasCalls && !_hasThought)
        {
            _isThinking = _hasThought = true;
            _space.Clear();
        }
        else if (mark == _syntax.ThinkingStart || (_hasMessage && _syntax.Calls!.IsOnlyFirst(mark)))
        {
            Emit(mark);
        }
        else
        {
            _callMark = mark;
            _calls = _syntax.Calls!.Read(mark, _syntax.Tools, _items);
        }
    }

    private void ReadCalls(CallReader calls, char character)
    {
        CallProgress progress = calls.Read(character);
        _hasCalls |= calls.HasCalls;
        if (calls.HasCalls)
        {
            _space.Clear();
        }

        if (progress == CallProgress.More)
        {
            return;
        }

        _calls = null;
        if (!calls.HasCalls)
        {
            Emit(_callMark);
        }

        if (progress == CallProgress.Stop)
        {
            // May hold a mark of its own. It is shorter than what was read, so this comes to an end.
            Append(calls.Unread.ToString());
            Append([character]);
        }
    }

    private void Emit(string text)
    {
        foreach (char character in text)
        {
            Emit(character);
        }
    }

    // Leading white space is dropped: it separates the items, and is in none of them. Trailing space waits for what follows.
    private void Emit(char character)
    {
        if (char.IsWhiteSpace(character))
        {
            if (_isThinking ? _hasReasoning : _hasMessage || !SeparatesItems)
            {
                _space.Append(character);
            }

            return;
        }

        if (_space.Length > 0)
        {
            Give(_space.ToString());
            _space.Clear();
        }

        Give([character]);
        _hasReasoning |= _isThinking;
        _hasMessage |= !_isThinking;
    }

    private void Give(ReadOnlySpan<char> piece)
    {
        if (_isThinking)
        {
            _items.Reasoning(piece);
        }
        else
        {
            _items.Text(piece);
        }
    }

    private bool SeparatesItems => _hasThought || _syntax.BeginsThinking || _hasCalls;
}
