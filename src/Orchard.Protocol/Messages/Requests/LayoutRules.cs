namespace Orchard.Protocol.Messages.Requests;

/// <summary>Consistency rules between a prompt's layout and its parts, checked by sender and receiver.</summary>
internal static class LayoutRules
{
    /// <summary>Size of one layout record in bytes: type, seven zero bytes, length.</summary>
    public const int RecordSize = 16;

    /// <summary>Size in bytes of one entry of a size table: the length of one image or audio buffer.</summary>
    public const int SpanSize = 8;

    /// <summary>Returns the default layout: the text, then all images, then all audio buffers.</summary>
    public static IReadOnlyList<LayoutSegment> Default(WirePrompt prompt)
    {
        var layout = new List<LayoutSegment>(1 + prompt.Images.Count + prompt.Audio.Count)
        {
            new(LayoutSegmentType.Text, prompt.Text.Length),
        };
        layout.AddRange(prompt.Images.Select(image => new LayoutSegment(LayoutSegmentType.Image, image.Length)));
        layout.AddRange(prompt.Audio.Select(audio => new LayoutSegment(LayoutSegmentType.Audio, audio.Length)));
        return layout;
    }

    /// <summary>Returns null if the layout consumes exactly the parts of the prompt, otherwise a description of the problem.</summary>
    public static string? FindProblem(IReadOnlyList<LayoutSegment> layout, WirePrompt prompt)
    {
        var text = new Supply("text", int.MaxValue, prompt.Text.Length);
        var images = new Supply("image", prompt.Images.Count, Total(prompt.Images));
        var audio = new Supply("audio", prompt.Audio.Count, Total(prompt.Audio));
        var capabilities = new Supply("capability", prompt.Capabilities.Count, 0);
        foreach (LayoutSegment segment in layout)
        {
            string? problem = segment.Type switch
            {
                LayoutSegmentType.Text => text.Take(segment.Length),
                LayoutSegmentType.Image => images.Take(segment.Length),
                LayoutSegmentType.Audio => audio.Take(segment.Length),
                LayoutSegmentType.Capability => capabilities.Take(0),
                _ => $"layout segment type {(byte)segment.Type} is unknown",
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return text.FindRest() ?? images.FindRest() ?? audio.FindRest();
    }

    private static long Total(IReadOnlyList<ReadOnlyMemory<byte>> buffers) => buffers.Sum(buffer => (long)buffer.Length);

    /// <summary>The inputs of one kind that the layout has not consumed yet.</summary>
    private struct Supply(string kind, int items, long bytes)
    {
        private int _items = items;
        private long _bytes = bytes;

        public string? Take(long length)
        {
            if (--_items < 0)
            {
                return $"the layout has more {kind} segments than there are {kind} inputs";
            }

            if (length < 0 || length > _bytes)
            {
                return $"a {kind} segment of the layout takes {length} bytes where {_bytes} are left";
            }

            _bytes -= length;
            return null;
        }

        public readonly string? FindRest() => _bytes == 0 ? null : $"the layout leaves {_bytes} {kind} bytes unused";
    }
}
