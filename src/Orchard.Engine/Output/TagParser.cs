using System.Text;
using Orchard.Engine.Output.Calls;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output;

/// <summary>Parses output in which markers separate reasoning and tool calls from the message.</summary>
internal sealed class TagParser : OutputParser
{
    private readonly OutputSyntax _syntax;
    private readonly IOutputItems _items;
    private readonly MarkerScanner _reasoningEnd;
    private readonly MarkerScanner _markers;
    private readonly StringBuilder _released = new();
    private readonly StringBuilder _space = new(); // white space that belongs to the item only if more text follows
    private CallReader? _calls;
    private string _callMarker = "";
    private bool _isReasoning;
    private bool _hasMessage;
    private bool _hasCalls;
    private bool _hadReasoning;
    private bool _hasReasoningText;

    public TagParser(OutputSyntax syntax, IOutputItems items)
    {
        _syntax = syntax;
        _items = items;
        _isReasoning = syntax.StartsInReasoning && syntax.HasReasoning;
        string[] calls = [.. syntax.Calls?.Markers ?? []];
        string[] callsAnywhere = _isReasoning ? [.. calls.Where(marker => !syntax.Calls!.IsOnlyFirst(marker)), syntax.ReasoningStart] : [];
        _reasoningEnd = new MarkerScanner(Distinct([syntax.ReasoningEnd, .. callsAnywhere]));
        _markers = new MarkerScanner(Distinct(
        [
            .. syntax.HasReasoning ? [syntax.ReasoningStart] : Array.Empty<string>(),
            .. calls,
            .. syntax.HasReasoning ? [syntax.ReasoningEnd] : Array.Empty<string>(),
            .. syntax.Frame.Texts,
        ]));
    }

    public override bool IsReasoning => _isReasoning;

    // None may begin with another one; the first ones matter most.
    private static List<string> Distinct(IEnumerable<string> markers)
    {
        var distinct = new List<string>();
        foreach (string marker in markers)
        {
            if (!distinct.Exists(other =>
                other.StartsWith(marker, StringComparison.Ordinal) || marker.StartsWith(other, StringComparison.Ordinal)))
            {
                distinct.Add(marker);
            }
        }

        return distinct;
    }

    public override void Complete()
    {
        if (_calls is { HasCalls: false } calls)
        {
            _calls = null;
            Emit(_callMarker);
            Emit(calls.Unread.ToString());
        }

        _released.Clear();
        (_isReasoning ? _reasoningEnd : _markers).Complete(_released);
        string rest = _released.ToString();
        Emit(!_isReasoning && _syntax.Frame.IsEnding(rest) ? "" : rest);

        // White space at the end belongs to the message, unless the output consists of calls.
        if (!_isReasoning && !_hasCalls && _hasMessage)
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
        string? marker = (_isReasoning ? _reasoningEnd : _markers).Read(character, _released);
        for (int i = 0; i < _released.Length; i++)
        {
            Emit(_released[i]);
        }

        if (marker is not null)
        {
            HandleMarker(marker);
        }
    }

    private void HandleMarker(string marker)
    {
        bool isFirst = !_hasMessage && !_hasCalls;
        bool isCall = _syntax.Calls?.Markers.Contains(marker) == true;
        if (marker == _syntax.ReasoningEnd && (_isReasoning || isFirst))
        {
            // Some prompts and some models write it without reasoning before it.
            _isReasoning = false;
            _hadReasoning = true;
            _space.Clear();
        }
        else if (marker == _syntax.ReasoningStart && isFirst && (_isReasoning ? !_hasReasoningText : !_hadReasoning))
        {
            // Some models write it although the prompt has it.
            _isReasoning = _hadReasoning = true;
            _space.Clear();
        }
        else if (isCall && !(_isReasoning && _hasReasoningText) && !(_hasMessage && _syntax.Calls!.IsOnlyFirst(marker)))
        {
            _callMarker = marker;
            _calls = _syntax.Calls!.Read(marker, _syntax.Tools, _items);
        }
        else if (!_isReasoning && IsFrame(marker, isFirst))
        {
            _space.Clear();
        }
        else
        {
            Emit(marker);
        }
    }

    // A frame that does not look like a mark counts only where it must be.
    private bool IsFrame(string marker, bool isFirst) =>
        _syntax.Frame.Texts.Contains(marker) && (isFirst || MarkUnits.LengthAt(marker.Trim()) > 0);

    private void ReadCalls(CallReader calls, char character)
    {
        CallProgress progress = calls.Read(character);
        _hasCalls |= calls.HasCalls;
        if (calls.HasCalls)
        {
            _isReasoning = false; // calls may replace the reasoning that the prompt has opened
            _space.Clear();
        }

        if (progress == CallProgress.More)
        {
            return;
        }

        _calls = null;
        if (!calls.HasCalls)
        {
            Emit(_callMarker);
        }

        if (progress == CallProgress.Stop)
        {
            // The unread text may contain another marker. It is shorter than the text that was read, so the recursion ends.
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

    // Leading white space only separates items and is dropped. Trailing white space is held back until more text follows.
    private void Emit(char character)
    {
        if (char.IsWhiteSpace(character))
        {
            if (_isReasoning ? _hasReasoningText : _hasMessage || !SeparatesItems)
            {
                _space.Append(character);
            }

            return;
        }

        if (_space.Length > 0)
        {
            Add(_space.ToString());
            _space.Clear();
        }

        Add([character]);
        _hasReasoningText |= _isReasoning;
        _hasMessage |= !_isReasoning;
    }

    private void Add(ReadOnlySpan<char> piece)
    {
        if (_isReasoning)
        {
            _items.Reasoning(piece);
        }
        else
        {
            _items.Text(piece);
        }
    }

    private bool SeparatesItems => _hadReasoning || _syntax.StartsInReasoning || _hasCalls;
}
