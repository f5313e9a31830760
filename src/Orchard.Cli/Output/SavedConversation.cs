namespace Orchard.Cli.Output;

/// <summary>A conversation in a file.</summary>
internal sealed record SavedConversation
{
    public string? System { get; init; }

    /// <summary>The values of settings, by their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Settings { get; init; }

    public required IReadOnlyList<SavedMessage> Messages { get; init; }
}

/// <summary>A message in a file.</summary>
internal sealed record SavedMessage
{
    public required MessageRole Role { get; init; }

    public required string Content { get; init; }

    public string? Reasoning { get; init; }

    /// <summary>Images and sound of the message, before its text, as <c>data:</c> URIs; null for none.</summary>
    public IReadOnlyList<string>? Media { get; init; }
}
