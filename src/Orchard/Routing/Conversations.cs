namespace Orchard.Routing;

/// <summary>Which model has answered the turns of recent conversations. Thread-safe.</summary>
internal sealed class Conversations
{
    /// <summary>The most conversations that are remembered; those that were used last.</summary>
    public const int Limit = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Id, bool IsRemote)>> _known = []; // guarded by _gate
    private readonly LinkedList<(string Id, bool IsRemote)> _recent = []; // guarded by _gate; the one that was used last comes first

    /// <summary>Returns whether the remote model has answered the last turn of a conversation; null if that is not known.</summary>
    public bool? FindRemote(string id)
    {
        lock (_gate)
        {
            return _known.TryGetValue(id, out LinkedListNode<(string Id, bool IsRemote)>? node) ? node.Value.IsRemote : null;
        }
    }

    /// <summary>Remembers who answers a conversation.</summary>
    public void Set(string id, bool isRemote)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(id, out LinkedListNode<(string Id, bool IsRemote)>? known))
            {
                known.Value = (id, isRemote);
                _recent.Remove(known);
                _recent.AddFirst(known);
                return;
            }

            if (_known.Count == Limit)
            {
                _known.Remove(_recent.Last!.Value.Id);
                _recent.RemoveLast();
            }

            _known.Add(id, _recent.AddFirst((id, isRemote)));
        }
    }
}
