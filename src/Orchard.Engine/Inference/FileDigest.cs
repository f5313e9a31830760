using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Inference;

/// <summary>Identifies the content of large files without reading all of it.</summary>
internal static class FileDigest
{
    private const int HeadBytes = 1 << 20;
    private const int SampleBytes = 1 << 12;
    private const int Samples = 64;

    /// <summary>Returns the digest of a file as <see cref="Of"/> does; null if it cannot be read.</summary>
    public static string? TryOf(string path)
    {
        try
        {
            return Of([path]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns a SHA-256 in hexadecimal of the lengths and times of modification of files, of their beginnings, and of samples from all
    /// parts of them. A file that was written again counts as another one, even if its content is the same.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it.</exception>
    public static string Of(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[HeadBytes];
        foreach (string path in paths)
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{length}|{File.GetLastWriteTimeUtc(file).Ticks}|")));
            hash.AppendData(buffer, 0, RandomAccess.Read(file, buffer, 0));
            for (int sample = 1; sample <= Samples; sample++)
            {
                long start = Math.Max(0, (length / Samples * sample) - SampleBytes);
                hash.AppendData(buffer, 0, RandomAccess.Read(file, buffer.AsSpan(0, SampleBytes), start));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
