using System.Text;

namespace Orchard.Engine.Output;

/// <summary>Finds marks in a text that comes by the character. Not thread-safe.</summary>
/// <param name="marks">None of them empty, none the beginning of another.</param>
internal sealed class MarkScanner(IReadOnlyList<string> marks)
{
    private readonly string _firsts = string.Concat(marks.Where(mark => mark.Length > 0).Select(mark => mark[0]));
    private readonly StringBuilder _held = new();

    /// <summary>What may still become a mark.</summary>
    public string Held => _held.ToString();

    /// <summary>Takes a character in.</summary>
    /// <param name="character">The next one.</param>
    /// <param name="before">Gets what is now known to be in no mark.</param>
    /// <returns>The mark that is complete with it; null when none is.</returns>
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
            bool mayBecomeOne = false;
            foreach (string mark in marks)
            {
                if (IsBeginning(mark))
                {
                    if (mark.Length == _held.Length)
                    {
                        _held.Clear();
                        return mark;
                    }

                    mayBecomeOne = true;
                }
            }

            if (mayBecomeOne)
            {
                return null;
            }

            before.Append(_held[0]);
            _held.Remove(0, 1);
        }

        return null;
    }

    /// <summary>Ends the text.</summary>
    /// <param name="rest">Gets what was held back.</param>
    public void Complete(StringBuilder rest)
    {
        rest.Append(_held);
        _held.Clear();
    }

    private bool IsBeginning(string mark)
    {
        if (mark.Length < _held.Length)
        {
            return false;
        }

        for (int i = 0; i < _held.Length; i++)
        {
            if (mark[i] != _held[i])
            {
                return false;
            }
        }

        return true;
    }
}
