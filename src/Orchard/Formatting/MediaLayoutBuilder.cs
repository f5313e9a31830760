using System.Text;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>Puts a prompt together from texts and media, in order. Not thread-safe.</summary>
/// <param name="plain">The ranges without control tokens, in the UTF-8 form of the text that still has marks.</param>
internal sealed class MediaLayoutBuilder(IReadOnlyList<PlainSpan> plain)
{
    private readonly StringBuilder _text = new();
    private readonly List<PlainSpan> _plain = [];
    private readonly List<LayoutSegment> _segments = [];
    private readonly List<ReadOnlyMemory<byte>> _images = [];
    private readonly List<ReadOnlyMemory<byte>> _audio = [];
    private readonly List<MediaPlace> _places = [];
    private int _marked; // bytes so far, with marks
    private int _bytes; // without them

    public void AddText(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (length == 0)
        {
            return;
        }

        // A range ends where an image is: text on both sides of it is tokenized apart.
        foreach (PlainSpan span in plain)
        {
            int start = Math.Max(span.Start, _marked);
            int end = Math.Min(span.Start + span.Length, _marked + length);
            if (start < end)
            {
                _plain.Add(new PlainSpan(start - _marked + _bytes, end - start));
            }
        }

        _text.Append(text);
        _segments.Add(new LayoutSegment(LayoutSegmentType.Text, length));
        _marked += length;
        _bytes += length;
    }

    public void AddMedia(MediaPart part, MediaPlace place, int markBytes)
    {
        bool isAudio = part.Kind == MediaKind.Audio;
        (isAudio ? _audio : _images).Add(part.Data);
        _segments.Add(new LayoutSegment(isAudio ? LayoutSegmentType.Audio : LayoutSegmentType.Image, part.Data.Length));
        _places.Add(place);
        _marked += markBytes;
    }

    public (string Text, IReadOnlyList<PlainSpan> Plain, MediaLayout Layout) Build() => (
        _text.ToString(),
        _plain,
        new MediaLayout { Images = _images, Audio = _audio, Segments = _segments, Places = _places });
}
