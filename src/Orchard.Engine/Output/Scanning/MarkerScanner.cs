using System.Text;

namespace Orchard.Engine.Output.Scanning;

/// <summary>Finds markers in a text that is read character by character. Not thread-safe.</summary>
/// <param name="markers">The markers. None may be empty or a prefix of another.</param>
internal sealed class MarkerScanner(IReadOnlyList<string> markers)
{
    private readonly string _firsts = string.Concat(markers.Where(marker => marker.Length > 0).Select(marker => marker[0]));
    private readonly StringBuilder _held = new();

    /// <summary>Processes a character.</summary>
    /// <param name="character">The next character.</param>
    /// <param name="before">Receives the characters that are definitely not part of a marker.</param>
    /// <returns>The marker that this character completes, or null.</returns>
    public string? Read(char character, StringBuilder before)
    {
        if (_held.Length == 0 && !_firsts.Contains(character))
        {
            before.Append(character);
            return null;
        }

        _held.Append(character);
        while (_held.Length > 0)
        {
            bool isPartial = false;
            foreach (string marker in markers)
            {
                if (IsPrefixOf(marker))
                {
                    if (marker.Length == _held.Length)
                    {
                        _held.Clear();
                        return marker;
                    }

                    isPartial = true;
                }
            }

            if (isPartial)
            {
                return null;
            }

            before.Append(_held[0]);
            _held.Remove(0, 1);
        }

        return null;
    }

    /// <summary>Ends the text.</summary>
    /// <param name="rest">Receives the characters that were held back.</param>
    public void Complete(StringBuilder rest)
    {
        rest.Append(_held);
        _held.Clear();
    }

    private bool IsPrefixOf(string marker)
    {
        if (marker.Length < _held.Length)
        {
            return false;
        }

        for (int i = 0; i < _held.Length; i++)
        {
            if (marker[i] != _held[i])
            {
                return false;
            }
        }

        return true;
    }
}
