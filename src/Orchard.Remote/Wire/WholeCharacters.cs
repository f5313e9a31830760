namespace Orchard.Remote.Wire;

/// <summary>Keeps half a surrogate pair at the end of one part of a text for the next part. Not thread-safe.</summary>
internal struct WholeCharacters
{
    private char _pending;

    /// <summary>Returns the part with whole characters only.</summary>
    public string Add(string part)
    {
        if (part.Length == 0 || (_pending == 0 && !char.IsHighSurrogate(part[^1])))
        {
            return part;
        }

        string text = _pending == 0 ? part : _pending + part;
        _pending = '\0';
        if (char.IsHighSurrogate(text[^1]))
        {
            _pending = text[^1];
            text = text[..^1];
        }

        return text;
    }
}
