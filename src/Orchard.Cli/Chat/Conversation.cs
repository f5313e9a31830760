namespace Orchard.Cli.Chat;

/// <summary>What has been said so far, and how the next answer is made.</summary>
internal sealed class Conversation
{
    /// <summary>What the model is told before everything else; null for nothing.</summary>
    public string? System { get; set; }

    /// <summary>The messages, without the system message.</summary>
    public List<Message> Messages { get; } = [];

    /// <summary>Images and sound for the next question.</summary>
    public List<MediaPart> Attached { get; } = [];

    /// <summary>The values of settings, by their names.</summary>
    public Dictionary<string, IReadOnlyList<string>> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>The options of the next answer.</summary>
    /// <exception cref="UsageException">A setting has a value that it cannot have.</exception>
    public GenerationOptions Options => Chat.Settings.ToOptions(Settings);

    /// <summary>Returns a question with what is attached and the files that it names.</summary>
    /// <exception cref="UsageException">A file cannot be used.</exception>
    public Message Question(string input)
    {
        (string text, IReadOnlyList<MediaPart> media) = FileReferences.Expand(input);
        return Message.User([.. Attached, .. media, new TextPart(text)]);
    }

    /// <summary>All messages, as they are sent.</summary>
    public IReadOnlyList<Message> ToSend() => System is null ? [.. Messages] : [Message.System(System), .. Messages];
}
