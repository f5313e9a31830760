using Orchard.Cli.Terminals;

namespace Orchard.Cli.Chat;

/// <summary>The commands of a chat, which begin with a slash.</summary>
internal sealed class SlashCommands(Conversation conversation, Terminal terminal)
{
    private const string Help =
        """
        /help                 this list
        /system [TEXT]        tell the model something before everything else; without a text, show what it is told
        /set [NAME VALUE]     change a setting; without a name, show all; 'default' as the value resets it
        /image FILE           show the model an image, or let it hear sound, with the next message
        /save FILE            save the conversation
        /load FILE            continue a saved conversation
        /clear                begin a new conversation
        /bye                  leave

        @path in a message adds a text file, an image or sound; @"path with spaces" works, too.
        A line that ends with \ goes on in the next one. A message between two lines of \"\"\" may have any lines.
        Up and Down find earlier messages. Ctrl+C stops an answer, and leaves when there is none.
        """;

    /// <summary>Returns whether an input is a command. One that begins with two slashes is a message.</summary>
    public static bool IsCommand(string input) => input.StartsWith('/') && !input.StartsWith("//", StringComparison.Ordinal);

    /// <summary>Executes a command. Returns whether the chat goes on.</summary>
    public async Task<bool> ExecuteAsync(string input, CancellationToken cancellationToken)
    {
        int end = input.IndexOfAny([' ', '\n']);
        string name = end < 0 ? input : input[..end];
        string argument = end < 0 ? "" : input[end..].Trim();
        try
        {
            switch (name)
            {
                case "/bye" or "/exit" or "/quit":
                    return false;
                case "/help" or "/?":
                    terminal.Note(Help.Replace("\\\"", "\"", StringComparison.Ordinal));
                    break;
                case "/system":
                    SetSystem(argument);
                    break;
                case "/set":
                    Set(argument);
                    break;
                case "/clear":
                    conversation.Messages.Clear();
                    conversation.Attached.Clear();
                    terminal.Note("New conversation.");
                    break;
                case "/image" or "/audio":
                    conversation.Attached.Add(FileReferences.ReadMedia(Required(argument, $"{name} FILE").Trim('"')));
                    terminal.Note($"Files for the next message: {conversation.Attached.Count}.");
                    break;
                case "/save":
                    await SaveAsync(Required(argument, "/save FILE"), cancellationToken).ConfigureAwait(false);
                    break;
                case "/load":
                    await LoadAsync(Required(argument, "/load FILE"), cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new UsageException(
                        $"There is no command {name}. /help lists them; begin a message with // if it begins with a slash.");
            }
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            terminal.Note(e.Message);
        }

        return true;
    }

    private void SetSystem(string text)
    {
        if (text.Length > 0)
        {
            conversation.System = text;
        }

        terminal.Note(conversation.System ?? "The model is told nothing.");
    }

    private void Set(string argument)
    {
        string[] words = argument.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            ShowSettings();
            return;
        }

        if (Settings.Find(words[0]) is not { } setting)
        {
            throw new UsageException($"There is no setting '{words[0]}'. /set lists them.");
        }

        if (words.Length == 1)
        {
            throw new UsageException($"/set {setting.Name} needs a value: {setting.Values}, or default.");
        }

        if (words[1] == "default")
        {
            conversation.Settings.Remove(setting.Name);
            return;
        }

        _ = Settings.Apply(new GenerationOptions(), setting, [words[1]]);
        conversation.Settings[setting.Name] = [words[1]];
    }

    private void ShowSettings() => TextTable.WriteProperties(
        terminal.Notes,
        Settings.All.Select(setting => (
            setting.Name,
            (string?)(conversation.Settings.TryGetValue(setting.Name, out IReadOnlyList<string>? values)
                ? string.Join(", ", values)
                : $"({setting.Description})"))));

    private async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        await ConversationFile.SaveAsync(conversation, path, cancellationToken).ConfigureAwait(false);
        terminal.Note($"Saved {conversation.Messages.Count} messages in {path}.");
    }

    private async Task LoadAsync(string path, CancellationToken cancellationToken)
    {
        await ConversationFile.LoadAsync(conversation, path, cancellationToken).ConfigureAwait(false);
        terminal.Note($"Loaded {conversation.Messages.Count} messages from {path}.");
    }

    private static string Required(string argument, string usage) =>
        argument.Length > 0 ? argument : throw new UsageException($"Usage: {usage}");
}
