using Orchard.Models;
using Orchard.Protocol.Media;
using Orchard.Validation;

namespace Orchard.Calls.Chat;

/// <summary>Checks the images and sound of a conversation for a model before anything is sent. Pure.</summary>
internal static class MediaCheck
{
    /// <summary>
    /// Returns the conversation, in which texts have taken the place of parts that cannot be used and have an alternative.
    /// </summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="UnsupportedModalityException">A part is of a kind that the model does not take.</exception>
    /// <exception cref="InvalidMediaException">The data of a part cannot be used, or there are too many parts.</exception>
    public static Message[] Fit(Message[] messages, ModelInfo model)
    {
        if (!Array.Exists(messages, static message => message.HasMedia))
        {
            return messages;
        }

        Message[] fitted = [.. messages.Select((message, index) => message.HasMedia ? Fit(message, index, model) : message)];
        int count = fitted.Sum(static message => message.Content.Count(static part => part is MediaPart));
        return count <= MediaLimits.PartsPerPrompt
            ? fitted
            : throw new InvalidMediaException(
                $"The conversation has {count} images and audio files; at most {MediaLimits.PartsPerPrompt} are allowed. "
                + "Leave out old ones.");
    }

    /// <summary>Checks that all media of a request fit into one message to the engine.</summary>
    /// <param name="bytes">Length of all media.</param>
    /// <exception cref="InvalidMediaException">They do not.</exception>
    public static void RequireRoom(long bytes)
    {
        if (bytes > MediaLimits.RequestBytes)
        {
            throw new InvalidMediaException(FormattableString.Invariant(
                $"The images and audio files of the request have {bytes:N0} bytes; at most {MediaLimits.RequestBytes:N0} are allowed. ")
                + "Send smaller ones, or fewer conversations at once.");
        }
    }

    private static Message Fit(Message message, int index, ModelInfo model)
    {
        var content = new ContentPart[message.Content.Count];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = message.Content[i] is MediaPart media ? Fit(media, index, i, model) : message.Content[i];
        }

        return message.WithContent(content);
    }

    private static ContentPart Fit(MediaPart media, int message, int part, ModelInfo model)
    {
        InputModalities modality = media.Kind == MediaKind.Audio ? InputModalities.Audio : InputModalities.Image;
        bool isTaken = model.InputModalities == InputModalities.None || model.InputModalities.HasFlag(modality);
        if (isTaken && media.FindProblem() is null)
        {
            return media;
        }

        if (media.AlternativeText is { } text)
        {
            return new TextPart(Utf16.Repair(text));
        }

        string what = $"Part {part} of message {message}";
        throw !isTaken
            ? new UnsupportedModalityException(
                $"{what} is {MediaRules.Name(media.Kind)}. {ModalityAdvice.Of(model, modality)}", model.Path, modality, message, part)
            : new InvalidMediaException(
                $"{what} cannot be sent as {MediaRules.Name(media.Kind)}: it {media.FindProblem()}.", message, part);
    }
}
