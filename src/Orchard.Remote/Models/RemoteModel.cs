using Orchard.Remote.Requests;

namespace Orchard.Remote.Models;

/// <summary>A model that a server has said to serve.</summary>
internal sealed class RemoteModel
{
    private volatile bool _isStale;

    /// <summary>The name that callers use, with that of the endpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the server uses.</summary>
    public required string ServerName { get; init; }

    /// <summary>What the server says about the model.</summary>
    public required ModelInfo Info { get; init; }

    /// <summary>What the kind of server supports.</summary>
    public required ServerProfile Profile { get; init; }

    /// <summary>The models of the server, as callers name them.</summary>
    public required IReadOnlyList<string> Offered { get; init; }

    /// <summary>Whether the next call has to ask the server again.</summary>
    public bool IsStale => _isStale;

    /// <summary>Notes that the server may not serve the model any more.</summary>
    public void Expire() => _isStale = true;

    /// <summary>Returns where an answer of the model is generated.</summary>
    /// <param name="address">The server that answers.</param>
    public AnswerOrigin OriginOf(Uri address) =>
        new() { Source = Name[..Name.IndexOf('/', StringComparison.Ordinal)], Model = ServerName, Address = address };
}
