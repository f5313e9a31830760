namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Assigns the numbers that stand for chunks in lists of tokens. Each belongs to one content, so that the prefix cache finds it, and is
/// never used for another one. Not thread-safe.
/// </summary>
/// <remarks>Old ones are forgotten: the same content gets another number then, and is only not found in the prefix cache.</remarks>
/// <param name="capacity">How many are remembered.</param>
internal sealed class Placeholders(int capacity)
{
    private readonly Dictionary<(string Id, int Chunk), int> _known = [];
    private readonly Queue<(string Id, int Chunk)> _oldestFirst = [];
    private int _last;

    /// <summary>Returns the number of a chunk.</summary>
    /// <param name="id">Identifies the file.</param>
    /// <param name="chunk">Which chunk of it.</param>
    public int For(string id, int chunk)
    {
        if (_known.TryGetValue((id, chunk), out int known))
        {
            return known;
        }

        if (_known.Count >= capacity)
        {
            _known.Remove(_oldestFirst.Dequeue());
        }

        _last = checked(_last - 1); // not before two billion chunks
        _known.Add((id, chunk), _last);
        _oldestFirst.Enqueue((id, chunk));
        return _last;
    }
}
