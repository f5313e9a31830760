namespace Orchard.Remote.Configuration;

/// <summary>The address of a server, from which those of its routes are made. Immutable.</summary>
internal sealed class ServerAddress
{
    private readonly string _root;
    private readonly string _api;

    /// <param name="address">
    /// The server's root, or the address that ends with the version of its API, as OpenAI's clients expect it.
    /// </param>
    public ServerAddress(Uri address)
    {
        string text = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        int slash = text.LastIndexOf('/');
        string last = text[(slash + 1)..];
        bool hasVersion = last.Length > 1 && last[0] is 'v' or 'V' && last.Skip(1).All(char.IsAsciiDigit);
        _root = hasVersion ? text[..slash] : text;
        _api = hasVersion ? text : $"{text}/v1";
        Shown = new Uri(_api);
    }

    /// <summary>The address of the API, without anything secret.</summary>
    public Uri Shown { get; }

    /// <summary>Whether the server is on this machine.</summary>
    public bool IsLoopback => Shown.IsLoopback;

    /// <summary>Returns the address of a route.</summary>
    /// <param name="route">The route.</param>
    public Uri Of(Route route) => new($"{(route.IsOfApi ? _api : _root)}/{route.Path}");

    /// <inheritdoc/>
    public override string ToString() => Shown.ToString();
}
