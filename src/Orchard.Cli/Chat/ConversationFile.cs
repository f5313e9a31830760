using System.Text.Json;
using Orchard.Cli.Output;
using Orchard.Media;

namespace Orchard.Cli.Chat;

/// <summary>Saves conversations in files, and reads them.</summary>
internal static class ConversationFile
{
    /// <summary>Saves a conversation.</summary>
    public static Task SaveAsync(Conversation conversation, string path, CancellationToken cancellationToken)
    {
        var saved = new SavedConversation
        {
            System = conversation.System,
            Settings = conversation.Settings,
            Messages = [.. conversation.Messages.Select(message => new SavedMessage
            {
                Role = message.Role,
                Content = message.Text,
                Reasoning = message.Reasoning,
                Media = message.HasMedia
                    ? [.. message.Content.OfType<MediaPart>().Select(static part => MediaSource.ToDataUri(part.Data.Span, part.MediaType))]
                    : null,
            })],
        };
        return File.WriteAllTextAsync(path, JsonSerializer.Serialize(saved, CliJson.Readable.SavedConversation), cancellationToken);
    }

    /// <summary>Replaces a conversation with a saved one.</summary>
    /// <exception cref="UsageException">The file is not a saved conversation.</exception>
    public static async Task LoadAsync(Conversation conversation, string path, CancellationToken cancellationToken)
    {
        SavedConversation? saved;
        try
        {
            string json = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            saved = JsonSerializer.Deserialize(json, CliJson.Readable.SavedConversation);
        }
        catch (JsonException e)
        {
            throw NotSaved(path, e.Message);
        }

        if (saved is null || saved.Messages.Any(message => message?.Content is null))
        {
            throw NotSaved(path, "it has no messages, or empty ones.");
        }

        IReadOnlyDictionary<string, IReadOnlyList<string>> settings = saved.Settings ?? new Dictionary<string, IReadOnlyList<string>>();
        foreach ((string name, IReadOnlyList<string>? values) in settings)
        {
            Setting setting = Settings.Find(name) ?? throw NotSaved(path, $"this version does not know its setting '{name}'.");
            if (values is not [_, ..])
            {
                throw NotSaved(path, $"its setting '{name}' has no value.");
            }

            _ = Settings.Apply(new GenerationOptions(), setting, values);
        }

        conversation.System = saved.System;
        conversation.Settings.Clear();
        foreach ((string name, IReadOnlyList<string> values) in settings)
        {
            conversation.Settings[name] = values;
        }

        conversation.Messages.Clear();
        conversation.Messages.AddRange(saved.Messages.Select(
            message => new Message(message.Role, [.. ReadMedia(message, path), new TextPart(message.Content)])
            {
                Reasoning = message.Reasoning,
            }));
    }

    private static IEnumerable<ContentPart> ReadMedia(SavedMessage message, string path)
    {
        try
        {
            return
            [
                .. (message.Media ?? []).Where(static uri => uri is not null).Select(
                    static ContentPart (uri) => uri.StartsWith("data:audio", StringComparison.OrdinalIgnoreCase)
                        ? ContentPart.AudioFromDataUri(uri)
                        : ContentPart.ImageFromDataUri(uri)),
            ];
        }
        catch (ArgumentException e)
        {
            throw NotSaved(path, $"an image or sound cannot be read: {e.Message}");
        }
    }

    private static UsageException NotSaved(string path, string reason) => new($"'{path}' is not a saved conversation: {reason}");
}
