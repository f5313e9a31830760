namespace Orchard.Protocol.Media;

/// <summary>Bounds of images and sound, which both ends check before anything is decoded.</summary>
internal static class MediaLimits
{
    /// <summary>Most bytes of an image file.</summary>
    public const int ImageBytes = 32 << 20;

    /// <summary>Most pixels of an image.</summary>
    public const long Pixels = 64L << 20;

    /// <summary>Most pixels along a side of an image.</summary>
    public const int Side = 16_384;

    /// <summary>Most bytes of an audio file.</summary>
    public const int AudioBytes = 128 << 20;

    /// <summary>Most seconds of sound.</summary>
    public const int AudioSeconds = 30 * 60;

    /// <summary>Most images and audio buffers of a prompt.</summary>
    public const int PartsPerPrompt = 256;

    /// <summary>Most bytes of all images and audio buffers of a request, so that it fits into one message.</summary>
    public const long RequestBytes = 192L << 20;
}
