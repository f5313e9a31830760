using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Inference;

/// <summary>
/// Identifies the content of large files without reading all of it. The hash is not a cryptographic one, which would take longer: whoever
/// makes two models with the same digest only harms the answers of their own models.
/// </summary>
internal static class FileDigest
{
    private const int HeadBytes = 1 << 20;
    private const int SampleBytes = 1 << 12;
    private const int Samples = 64;

    /// <summary>
    /// Returns a hash in hexadecimal, 32 digits, of the lengths and times of modification of files, of their beginnings, and of samples
    /// from all parts of them; null if one cannot be read. A file that was written again counts as another one, even if its content is the
    /// same.
    /// </summary>
    public static string? TryOf(params IEnumerable<string> paths)
    {
        try
        {
            return Of(paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Of(IEnumerable<string> paths)
    {
        var hash = new XxHash128();
        byte[] buffer = new byte[HeadBytes];
        foreach (string path in paths)
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{length}|{File.GetLastWriteTimeUtc(file).Ticks}|")));
            hash.Append(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0)));
            for (int sample = 1; sample <= Samples; sample++)
            {
                long start = Math.Max(0, (length / Samples * sample) - SampleBytes);
                hash.Append(buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, SampleBytes), start)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
