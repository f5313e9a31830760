namespace Orchard.Remote.Transport;

/// <summary>
/// What keeps the requests of a conversation together: its id, its server, and headers that a gateway has set. Thread-safe.
/// </summary>
internal sealed class Session(string id)
{
    private const string Prefix = "x-session-";
    private const string IdHeader = "x-session-id";
    private const int MaxHeaders = 8;
    private const int MaxHeaderLength = 512;

    private volatile KeyValuePair<string, string>[] _headers = [];
    private volatile RemoteServer? _server;

    /// <summary>The id, the same for all turns of a conversation and in all processes.</summary>
    public string Id => id;

    /// <summary>The server that has the conversation's earlier turns; null if none has.</summary>
    public RemoteServer? Server
    {
        get => _server;
        set => _server = value;
    }

    /// <summary>Adds the headers to a request.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        KeyValuePair<string, string>[] headers = _headers;
        if (!headers.Any(static header => header.Key.Equals(IdHeader, StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(IdHeader, id);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Keeps the headers of a response that the next request is to have.</summary>
    public void Learn(HttpResponseMessage response)
    {
        KeyValuePair<string, string>[] learned =
        [
            .. response.Headers.NonValidated
                .Where(static header => header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && header.Value.Count == 1)
                .Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString()))
                .Where(static header => header.Value.Length is > 0 and <= MaxHeaderLength
                    && header.Value.All(static letter => letter is >= ' ' and < '\x7f'))
                .Take(MaxHeaders),
        ];
        if (learned.Length > 0)
        {
            _headers = learned;
        }
    }
}
