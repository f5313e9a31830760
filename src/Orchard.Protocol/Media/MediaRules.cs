using System.Globalization;

namespace Orchard.Protocol.Media;

/// <summary>
/// The rules for images and sound that both ends check before anything is decoded. They look at the headers only, so a file that they
/// accept can still be damaged. Pure.
/// </summary>
internal static class MediaRules
{
    /// <summary>Returns the most bytes of a file.</summary>
    public static int MaxBytes(MediaKind kind) => kind == MediaKind.Audio ? MediaLimits.AudioBytes : MediaLimits.ImageBytes;

    /// <summary>Returns the name of a kind, for messages.</summary>
    public static string Name(MediaKind kind) => kind == MediaKind.Audio ? "an audio file" : "an image";

    /// <summary>Returns what is wrong with a file, as the end of a sentence that begins with the file; null if nothing is.</summary>
    /// <param name="kind">What it should be.</param>
    /// <param name="file">Its bytes.</param>
    public static string? FindProblem(MediaKind kind, ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "is empty";
        }

        if (file.Length > MaxBytes(kind))
        {
            return Text($"has {file.Length:N0} bytes; at most {MaxBytes(kind):N0} are allowed");
        }

        MediaFormat? format = MediaFormat.Find(file);
        return format is null ? $"is not {Name(kind)} in a known format; use {Formats(kind)}"
            : format.Kind != kind ? $"is not {Name(kind)}: its format is {format.Name}"
            : !format.IsSupported ? $"has the format {format.Name}, which the engine does not decode; use {Formats(kind)}"
            : kind == MediaKind.Audio ? FindAudioProblem(format, file)
            : FindImageProblem(format, file);
    }

    /// <summary>Returns the formats that the engine decodes, as a text.</summary>
    public static string Formats(MediaKind kind)
    {
        string[] names = [.. MediaFormat.Of(kind).Select(format => format.Name)];
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static string? FindImageProblem(MediaFormat format, ReadOnlySpan<byte> file) => ImageHeader.Read(format, file) switch
    {
        null => $"is not a valid {format.Name} image",
        { IsCutOff: true } => $"is cut off: the end of the {format.Name} image is missing",
        { Width: 0 } or { Height: 0 } => "has no pixels",
        { } header when Math.Max(header.Width, header.Height) > MediaLimits.Side || header.Width * header.Height > MediaLimits.Pixels =>
            Text($"has {header.Width:N0} × {header.Height:N0} pixels; at most {MediaLimits.Side:N0} along a side, and ")
            + Text($"{MediaLimits.Pixels:N0} in all, are allowed"),
        { IsAnimated: true } => "is an animation; send one of its images",
        _ => null,
    };

    private static string? FindAudioProblem(MediaFormat format, ReadOnlySpan<byte> file) => AudioHeader.Read(format, file) switch
    {
        null => $"is not a valid {format.Name} file",
        { IsCutOff: true } => $"is cut off: the end of the {format.Name} file is missing",
        { Seconds: 0 } => "has no sound",
        { Seconds: > MediaLimits.AudioSeconds } header =>
            Text($"is {header.Seconds / 60:N0} minutes long; at most {MediaLimits.AudioSeconds / 60} are allowed"),
        _ => null,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
