using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>A call as a sequence of texts, name, identifier and arguments; see <see cref="CallForm.Call"/>.</summary>
internal sealed class FormCallBody : CallBody
{
    private readonly ToolSet _tools;
    private readonly IOutputItems _items;
    private readonly ArgumentForm? _arguments;
    private readonly IReadOnlyList<CallPart> _parts;
    private readonly StringBuilder _text = new();
    private ToolSchema? _tool;
    private ArgumentsReader? _reader;
    private int _part;
    private int _length;
    private bool _isWritten;

    public FormCallBody(FormSyntax syntax, ToolSet tools, IOutputItems items)
    {
        _tools = tools;
        _items = items;
        _parts = syntax.Body;
        _arguments = syntax.Form.Arguments;
    }

    private CallPart? Current => _part < _parts.Count ? _parts[_part] : null;

    public override CallProgress Read(char character)
    {
        if (!HasBegun && ++_length > MaxBeforeName)
        {
            return CallProgress.Stop;
        }

        while (Current is { } part)
        {
            switch (part.Slot)
            {
                case null:
                case CallSlot.Name when _tool is not null:
                    string literal = LooseText.Strip(part.Text + (part.Slot is null ? "" : _tool!.Name));
                    if (_text.Length < literal.Length)
                    {
                        return ReadLiteral(literal, character);
                    }

                    Next();
                    break;
                case CallSlot.Name:
                    if (!EndsName(character))
                    {
                        _text.Append(character);
                        return CallProgress.More;
                    }

                    if (!_tools.TryGet(_text.ToString().Trim(), out _tool))
                    {
                        return CallProgress.Stop;
                    }

                    HasBegun = true;
                    _items.BeginCall(_tool.Name);
                    Next();
                    break;
                case CallSlot.Identifier or CallSlot.Index:
                    if (!EndsSlot(character))
                    {
                        _text.Append(character);
                        return CallProgress.More;
                    }

                    Next();
                    break;
                default:
                    CallProgress progress = ReadArguments(part, character);
                    if (progress != CallProgress.Stop || _part == _parts.Count)
                    {
                        return progress;
                    }

                    break;
            }
        }

        return CallProgress.Done;
    }

    private CallProgress ReadLiteral(string literal, char character)
    {
        if (char.IsWhiteSpace(character))
        {
            return CallProgress.More;
        }

        if (literal[_text.Length] != character)
        {
            if (HasBegun && !_isWritten)
            {
                _items.EndCall();
            }

            _part = _parts.Count;
            return CallProgress.Stop;
        }

        _text.Append(character);
        if (_text.Length == literal.Length)
        {
            Next();
        }

        return Current is null ? CallProgress.Done : CallProgress.More;
    }

    private CallProgress ReadArguments(CallPart part, char character)
    {
        if (_tool is null)
        {
            _part = _parts.Count;
            return CallProgress.Stop; // arguments before the name
        }

        _reader ??= _arguments is { } form
            ? new SingleArguments(form, _tool, _items)
            : new ObjectArguments(_items, part.Slot == CallSlot.ArgumentsText);
        CallProgress progress = _reader.Read(character);
        if (progress == CallProgress.More)
        {
            return CallProgress.More;
        }

        // What follows the arguments shows that they are complete, unless they say so themselves.
        string rest = _reader.Rest;
        Next();
        string next = Current is { Slot: null } text ? LooseText.Strip(text.Text) : "";
        bool isComplete = progress == CallProgress.Done || (next.StartsWith(rest, StringComparison.Ordinal)
            && (rest.Length >= next.Length || next[rest.Length] == character || char.IsWhiteSpace(character)));
        _reader.End(isComplete);
        _items.EndCall();
        _isWritten = true;
        if (!isComplete)
        {
            _part = _parts.Count;
            return CallProgress.Stop;
        }

        _text.Append(rest);
        return progress == CallProgress.Stop ? CallProgress.Stop : Current is null ? CallProgress.Done : CallProgress.More;
    }

    private bool EndsName(char character)
    {
        if (_text.Length == 0)
        {
            return false;
        }

        string following = Following();
        bool ends = following.Length == 0 ? character is '{' or '(' or '<' or '"' || char.IsWhiteSpace(character)
            : character == following[0] || char.IsWhiteSpace(character);
        if (!ends || _tools.TryGet(_text.ToString().Trim(), out _))
        {
            return ends;
        }

        // The character may belong to a longer name.
        string text = $"{_text}{character}".TrimStart();
        return !_tools.Tools.Any(tool => tool.Name.StartsWith(text, StringComparison.Ordinal)) && text.Trim().Length > 0;
    }

    private bool EndsSlot(char character)
    {
        string following = Following();
        return following.Length > 0 ? character == following[0] : character is '{' or '<' || char.IsWhiteSpace(character);
    }

    // The text that ends a slot.
    private string Following()
    {
        CallPart? next = _part + 1 < _parts.Count ? _parts[_part + 1] : null;
        return next is { Slot: null } ? LooseText.Strip(next.Text)
            : next?.Slot == CallSlot.Arguments && _arguments is { } form ? LooseText.Strip(form.BeforeKey)
            : "";
    }

    private void Next()
    {
        _part++;
        _text.Clear();
    }
}
