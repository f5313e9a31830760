using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;

namespace Orchard.Engine.Output.Calls;

/// <summary>Arguments as a JSON object, or as a JSON string that contains one.</summary>
internal sealed class ObjectArguments(IOutputItems items, bool mayBeText) : ArgumentsReader
{
    private readonly StringBuilder _text = new();
    private JsonExtent _extent;
    private bool _isObject;

    public override CallProgress Read(char character)
    {
        if (_text.Length == 0)
        {
            if (char.IsWhiteSpace(character))
            {
                return CallProgress.More;
            }

            _isObject = character == '{';
            if (!_isObject && !(mayBeText && character == '"'))
            {
                return CallProgress.Stop;
            }
        }

        if (_isObject)
        {
            items.Arguments([character]);
        }

        _text.Append(_isObject && _text.Length > 0 ? "" : character.ToString());
        if (!_extent.Read(character))
        {
            return CallProgress.More;
        }

        if (!_isObject)
        {
            items.Arguments(JsonText.Unquote(_text.ToString()) ?? _text.ToString());
        }

        return CallProgress.Done;
    }
}
