using System.Text;
using Orchard.Protocol.Media;

namespace Orchard.Cli.Chat;

/// <summary>
/// Puts the content of files into a prompt: each <c>@path</c> that names a file is followed by what the file contains, which can be an
/// image or sound.
/// </summary>
internal static class FileReferences
{
    /// <summary>The largest file that is put into a prompt, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Returns the prompt with the files that it names. What names no file stays text.</summary>
    /// <exception cref="UsageException">A file is too large, is neither text nor an image or sound, or cannot be read.</exception>
    public static (string Text, IReadOnlyList<MediaPart> Media) Expand(string prompt)
    {
        var files = new StringBuilder();
        var media = new List<MediaPart>();
        foreach (string path in FindPaths(prompt).Distinct(StringComparer.Ordinal))
        {
            if (ReadStart(path) is { Kind: not MediaKind.Other })
            {
                media.Add(ReadMedia(path));
            }
            else
            {
                files.Append(null, $"\n\nContent of the file {path}:\n```\n{Read(path).TrimEnd('\n')}\n```");
            }
        }

        return (prompt + files, media);
    }

    /// <summary>Reads an image or sound.</summary>
    /// <exception cref="UsageException">The file is neither, is damaged or too large, or cannot be read.</exception>
    public static MediaPart ReadMedia(string path)
    {
        MediaKind? kind = ReadStart(path)?.Kind;
        try
        {
            MediaPart part = kind == MediaKind.Audio ? ContentPart.AudioFromFile(path) : ContentPart.ImageFromFile(path);
            return part.FindProblem() is { } problem ? throw new UsageException($"The file '{path}' {problem}.") : part;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {e.Message}");
        }
        catch (InvalidMediaException e)
        {
            throw new UsageException(e.Message);
        }
    }

    // The format by the first bytes; null if it is none of those that images and sound have.
    private static MediaFormat? ReadStart(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] start = new byte[32];
            return MediaFormat.Find(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {e.Message}");
        }
    }

    private static IEnumerable<string> FindPaths(string prompt)
    {
        for (int at = prompt.IndexOf('@'); at >= 0; at = prompt.IndexOf('@', at + 1))
        {
            if (at > 0 && !char.IsWhiteSpace(prompt[at - 1]))
            {
                continue; // an address
            }

            string path = ReadPath(prompt.AsSpan(at + 1));
            if (File.Exists(path))
            {
                yield return path;
            }
            else if (path.TrimEnd('.', ',', ';', ':', '!', '?', ')') is var trimmed && File.Exists(trimmed))
            {
                yield return trimmed;
            }
        }
    }

    // A path with spaces is written in quotes: @"my notes.txt"
    private static string ReadPath(ReadOnlySpan<char> text)
    {
        if (text is ['"', ..] && text[1..].IndexOf('"') is > 0 and var end)
        {
            return text.Slice(1, end).ToString();
        }

        int length = text.IndexOfAny(" \t\r\n");
        return (length < 0 ? text : text[..length]).ToString();
    }

    private static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new UsageException($"The file '{path}' is larger than {MaxBytes >> 20} MiB, the most that a prompt takes.");
            }

            byte[] bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().Contains((byte)0)
                ? throw new UsageException($"The file '{path}' is not text.")
                : Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {e.Message}");
        }
    }
}
