namespace Orchard.Cli.Chat;

/// <summary>What has been said so far, and how the next answer is made.</summary>
internal sealed class Conversation
{
    /// <summary>What the model is told before everything else; null for nothing.</summary>
    public string? System { get; set; }

    /// <summary>The messages, without the system message.</summary>
    public List<Message> Messages { get; } = [];

    /// <summary>The values of settings, by their names.</summary>
    public Dictionary<string, IReadOnlyList<string>> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>The options of the next answer.</summary>
    /// <exception cref="UsageException">A setting has a value that it cannot have.</exception>
    public GenerationOptions Options => Chat.Settings.ToOptions(Settings);

    /// <summary>All messages, as they are sent.</summary>
    public IReadOnlyList<Message> ToSend() => System is null ? [.. Messages] : [Message.System(System), .. Messages];
}
