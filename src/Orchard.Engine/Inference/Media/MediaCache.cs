using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Encoded images and sounds, by the hash of their files: a conversation sends them again with each turn. The least recently used ones are
/// dropped. Not thread-safe.
/// </summary>
/// <param name="capacity">Most bytes of embeddings.</param>
internal sealed class MediaCache(long capacity)
{
    private readonly Dictionary<string, LinkedListNode<(string Id, EncodedMedia Media)>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Id, EncodedMedia Media)> _newestFirst = [];

    /// <summary>Bytes of all embeddings.</summary>
    public long Bytes { get; private set; }

    public bool TryGet(string id, [NotNullWhen(true)] out EncodedMedia? media)
    {
        if (!_byId.TryGetValue(id, out LinkedListNode<(string Id, EncodedMedia Media)>? node))
        {
            media = null;
            return false;
        }

        _newestFirst.Remove(node);
        _newestFirst.AddFirst(node);
        media = node.Value.Media;
        return true;
    }

    /// <summary>Adds what is not in the cache. Nothing is kept of what does not fit at all.</summary>
    public void Add(string id, EncodedMedia media)
    {
        if (media.Bytes > capacity)
        {
            return;
        }

        _byId.Add(id, _newestFirst.AddFirst((id, media)));
        Bytes += media.Bytes;
        while (Bytes > capacity)
        {
            (string oldest, EncodedMedia dropped) = _newestFirst.Last!.Value;
            _newestFirst.RemoveLast();
            _byId.Remove(oldest);
            Bytes -= dropped.Bytes;
        }
    }
}
