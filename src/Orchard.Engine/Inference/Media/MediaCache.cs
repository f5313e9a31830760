using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Encoded images and sounds, by the hash of their files: a conversation sends them again with each turn. The least recently used ones are
/// dropped. It holds what it contains, until it is disposed. Not thread-safe.
/// </summary>
/// <param name="capacity">Most bytes of embeddings.</param>
internal sealed class MediaCache(long capacity) : IDisposable
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

    /// <summary>Adds what is not in the cache. What does not fit at all is not kept.</summary>
    public void Add(string id, EncodedMedia media)
    {
        if (media.Bytes > capacity)
        {
            return;
        }

        media.Hold();
        _byId.Add(id, _newestFirst.AddFirst((id, media)));
        Bytes += media.Bytes;
        DropTo(capacity);
    }

    /// <summary>Drops everything.</summary>
    public void Dispose() => DropTo(-1);

    private void DropTo(long bytes)
    {
        while (Bytes > bytes && _newestFirst.Last is { Value: var (oldest, dropped) })
        {
            _newestFirst.RemoveLast();
            _byId.Remove(oldest);
            Bytes -= dropped.Bytes;
            dropped.Release();
        }
    }
}
