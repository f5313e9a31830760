using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>
/// Stands in for the images and sound of a conversation while its template is rendered: in place of each there is a text that nobody can
/// guess, so that no text of a user is mistaken for one. Templates show it like any text. Used for one prompt.
/// </summary>
/// <remarks>
/// The marks are letters and digits, which templates neither trim nor escape. The tokens that a model expects around an image are added by
/// the engine, which knows the projector.
/// </remarks>
internal sealed class MediaMarks
{
    private const string End = "x";

    private readonly string _start = $"media{RandomNumberGenerator.GetHexString(32, lowercase: true)}x";
    private readonly List<(MediaPart Part, MediaPlace Place)> _media = [];

    private MediaMarks(IReadOnlyList<Message> messages) => Messages = [.. messages.Select(Mark)];

    /// <summary>The conversation, with texts only.</summary>
    public IReadOnlyList<Message> Messages { get; }

    /// <summary>Returns the marks for a conversation; null if it has no media.</summary>
    public static MediaMarks? For(IReadOnlyList<Message> messages) =>
        messages.Any(static message => message.HasMedia) ? new MediaMarks(messages) : null;

    /// <summary>Takes the marks out of the prompt.</summary>
    /// <param name="text">The rendered text.</param>
    /// <param name="plain">The ranges of its UTF-8 form without control tokens.</param>
    /// <returns>The text and the ranges without the marks, and what is where.</returns>
    /// <exception cref="ChatTemplateException">The template has left out a part.</exception>
    public (string Text, IReadOnlyList<PlainSpan> Plain, MediaLayout Layout) Take(string text, IReadOnlyList<PlainSpan> plain)
    {
        var layout = new MediaLayoutBuilder(plain);
        bool[] isShown = new bool[_media.Count];
        int at = 0;
        foreach ((int start, int end, int index) in Find(text))
        {
            layout.AddText(text[at..start]);
            layout.AddMedia(_media[index].Part, _media[index].Place, markBytes: end - start);
            isShown[index] = true;
            at = end;
        }

        layout.AddText(text[at..]);
        return Array.IndexOf(isShown, false) is >= 0 and var missing ? throw NotShown(_media[missing].Place) : layout.Build();
    }

    private Message Mark(Message message, int index) => !message.HasMedia ? message : message.WithContent(
        [.. message.Content.Select((part, place) => part is MediaPart media ? Mark(media, new(index, place)) : part)]);

    private TextPart Mark(MediaPart media, MediaPlace place)
    {
        _media.Add((media, place));
        return new TextPart(string.Create(CultureInfo.InvariantCulture, $"{_start}{_media.Count - 1}{End}"));
    }

    private IEnumerable<(int Start, int End, int Index)> Find(string text)
    {
        int at = 0;
        while (text.IndexOf(_start, at, StringComparison.Ordinal) is >= 0 and int start)
        {
            at = start + _start.Length;
            int digits = 0;
            while (at + digits < text.Length && char.IsAsciiDigit(text[at + digits]))
            {
                digits++;
            }

            // A template could have cut the text in the middle of a mark.
            if (int.TryParse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < _media.Count && text.AsSpan(at + digits).StartsWith(End, StringComparison.Ordinal))
            {
                at += digits + End.Length;
                yield return (start, at, index);
            }
        }
    }

    private static ChatTemplateException NotShown(MediaPlace place) => new(
        $"The model's chat template does not show part {place.PartIndex} of message {place.MessageIndex}, which is an image or sound. "
        + "Send it in a message of the user, or leave it out.");
}
