namespace Orchard.Protocol.Media;

/// <summary>The rules for images and sound that both ends check before anything is decoded. Pure.</summary>
internal static class MediaRules
{
    /// <summary>Returns the most bytes of a file.</summary>
    public static int MaxBytes(MediaKind kind) => kind == MediaKind.Audio ? MediaLimits.AudioBytes : MediaLimits.ImageBytes;

    /// <summary>Returns the name of a kind, for messages.</summary>
    public static string Name(MediaKind kind) => kind == MediaKind.Audio ? "an audio file" : "an image";
}
