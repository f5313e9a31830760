namespace Orchard.Protocol.Media;

/// <summary>What a file contains.</summary>
internal enum MediaKind
{
    /// <summary>An image.</summary>
    Image,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Something else, such as a document.</summary>
    Other,
}
