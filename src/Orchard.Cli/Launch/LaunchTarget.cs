namespace Orchard.Cli.Launch;

/// <summary>The server that a client program shall use.</summary>
internal sealed record LaunchTarget
{
    /// <summary>Address of the server, without a path or a slash at its end.</summary>
    public required string Url { get; init; }

    public required string Model { get; init; }

    /// <summary>Tokens of a conversation with the model; null if unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The key; null for a server that asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A key for clients that insist on one.</summary>
    public string AnyKey => ApiKey ?? "orchard";
}
