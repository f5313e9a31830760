namespace Orchard.Engine.Output;

/// <summary>Tells where one JSON value ends in a text that comes by the character. Does not check the value.</summary>
internal struct JsonExtent
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Takes the next character of a string, an object or an array in.</summary>
    /// <returns>Whether the value is complete with it.</returns>
    public bool Read(char character)
    {
        if (_inString)
        {
            bool ends = character == '"' && !_escaped;
            _escaped = character == '\\' && !_escaped;
            _inString = !ends;
            return ends && _depth == 0;
        }

        switch (character)
        {
            case '"':
                _inString = true;
                return false;
            case '{' or '[':
                _depth++;
                return false;
            case '}' or ']':
                return --_depth <= 0;
            default:
                return false;
        }
    }
}
