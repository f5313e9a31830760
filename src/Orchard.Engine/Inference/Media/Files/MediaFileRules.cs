using Orchard.Protocol.Media;

namespace Orchard.Engine.Inference.Media.Files;

/// <summary>
/// Finds out from the headers of an image or audio file whether it may be decoded: native code decodes it, and takes as much memory as the
/// headers say. Pure.
/// </summary>
internal static class MediaFileRules
{
    /// <summary>Returns why a file cannot be used, as the end of a sentence that begins with the file; null if it can.</summary>
    /// <param name="kind">What it should contain.</param>
    /// <param name="file">Its content.</param>
    public static string? FindProblem(MediaKind kind, ReadOnlySpan<byte> file) =>
        MediaRules.FindProblem(kind, file) ?? (kind == MediaKind.Audio ? FindSoundProblem(file) : null);

    // Stricter than what the client checks: the sound is converted to another rate, which takes memory in proportion to its duration.
    private static string? FindSoundProblem(ReadOnlySpan<byte> file)
    {
        SoundFacts facts = SoundFacts.Read(MediaFormat.Find(file)!, file);
        return facts.Problem is { } problem ? $"is damaged: {problem}"
            : facts.Seconds > MediaLimits.AudioSeconds
                ? $"lasts {facts.Seconds:N0} seconds; at most {MediaLimits.AudioSeconds:N0} are allowed"
            : null;
    }
}
