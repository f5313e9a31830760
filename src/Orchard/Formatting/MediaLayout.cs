using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>The images and sound of a prompt, and where they are in its text. Immutable.</summary>
internal sealed record MediaLayout
{
    /// <summary>The image files, in the order of the layout.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; }

    /// <summary>The audio files, in the order of the layout.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Audio { get; init; }

    /// <summary>Length of all images and sound.</summary>
    public long Bytes => Images.Concat(Audio).Sum(static file => (long)file.Length);

    /// <summary>Text and media in order. Segments of text are not empty, and together are the whole text.</summary>
    public required IReadOnlyList<LayoutSegment> Segments { get; init; }

    /// <summary>Where the images and sound come from, in the order of the layout.</summary>
    public required IReadOnlyList<MediaPlace> Places { get; init; }
}
