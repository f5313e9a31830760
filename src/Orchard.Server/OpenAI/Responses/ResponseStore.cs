using Orchard.Responses;

namespace Orchard.Server.OpenAI.Responses;

/// <summary>A response that is kept, for its caller. Immutable.</summary>
internal sealed record StoredResponse
{
    /// <summary>Id of the response.</summary>
    public required string Id { get; init; }

    /// <summary>Who may read it.</summary>
    public required string Caller { get; init; }

    /// <summary>The response in OpenAI's JSON.</summary>
    public required string Json { get; init; }

    /// <summary>The whole conversation before the response.</summary>
    public required IReadOnlyList<ResponseItem> Input { get; init; }

    /// <summary>What the model answered.</summary>
    public required IReadOnlyList<ResponseItem> Output { get; init; }

    /// <summary>Approximate number of characters that it keeps in memory.</summary>
    public long Length => Json.Length + Input.Concat(Output).Sum(LengthOf);

    private static long LengthOf(ResponseItem item) => item switch
    {
        MessageItem message => message.Text.Length + SizeOf(message.Content),
        ReasoningItem reasoning => reasoning.Text.Length,
        FunctionCallItem call => call.Arguments.Length,
        FunctionCallOutputItem output => output.Output.Length + SizeOf(output.Content),
        _ => 0,
    };

    private static long SizeOf(IReadOnlyList<ContentPart> content) =>
        content.OfType<MediaPart>().Sum(static part => (long)part.Data.Length);
}

/// <summary>Keeps the newest responses in memory. Thread-safe.</summary>
/// <param name="capacity">Number of responses to keep.</param>
internal sealed class ResponseStore(int capacity)
{
    private const long MaxLength = 64 << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<StoredResponse> _byAge = []; // guarded by _gate, oldest first
    private readonly Dictionary<string, LinkedListNode<StoredResponse>> _byId = new(StringComparer.Ordinal); // guarded by _gate
    private long _length; // guarded by _gate

    /// <summary>Keeps a response, and drops the oldest ones if there are too many.</summary>
    public void Add(StoredResponse response)
    {
        lock (_gate)
        {
            _byId[response.Id] = _byAge.AddLast(response);
            _length += response.Length;
            while (_byAge.Count > capacity || (_length > MaxLength && _byAge.Count > 1))
            {
                RemoveNeedsGate(_byAge.First!);
            }
        }
    }

    /// <summary>Returns a response; null if it is not kept, or not for the caller.</summary>
    public StoredResponse? Find(string id, string caller)
    {
        lock (_gate)
        {
            return _byId.TryGetValue(id, out LinkedListNode<StoredResponse>? node) && node.Value.Caller == caller ? node.Value : null;
        }
    }

    /// <summary>Returns an item of a response by its id; null if it is not kept, or not for the caller.</summary>
    public ResponseItem? FindItem(string id, string caller)
    {
        lock (_gate)
        {
            return _byAge.Where(response => response.Caller == caller)
                .SelectMany(static response => response.Output.Concat(response.Input))
                .FirstOrDefault(item => item.Id == id);
        }
    }

    /// <summary>Drops a response.</summary>
    /// <returns>Whether it was kept for the caller.</returns>
    public bool Remove(string id, string caller)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out LinkedListNode<StoredResponse>? node) || node.Value.Caller != caller)
            {
                return false;
            }

            RemoveNeedsGate(node);
            return true;
        }
    }

    private void RemoveNeedsGate(LinkedListNode<StoredResponse> node)
    {
        _byAge.Remove(node);
        _byId.Remove(node.Value.Id);
        _length -= node.Value.Length;
    }
}
