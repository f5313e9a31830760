namespace Orchard.Engine.Output.Scanning;

/// <summary>Finds the end of one JSON value in a text that is read character by character. Does not validate the value.</summary>
internal struct JsonExtent
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Processes the next character of a string, an object or an array.</summary>
    /// <returns>Whether this character completes the value.</returns>
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
