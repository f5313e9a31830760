using System.IO.Hashing;
using System.Text;

namespace Orchard.Engine.Inference.Trials;

/// <summary>
/// Remembers what was found out by trying a model, one small file per result, so that it is not tried again at each load. Thread-safe, also
/// with other processes.
/// </summary>
/// <param name="folder">Where the files are. Created when the first result is stored.</param>
/// <param name="time">The clock.</param>
internal sealed class TrialCache(string folder, TimeProvider time)
{
    private const int HeadBytes = 1 << 20;
    private const int TailBytes = 1 << 16;
    private const int MaxResultLength = 64;

    /// <summary>
    /// Returns the key of a model in a configuration. The hash is not a cryptographic one, which would take longer: whoever makes two files
    /// with the same key only harms the speed of their own models.
    /// </summary>
    /// <param name="modelPath">The model file; its ends and its length stand for its content, because reading all of it takes long.</param>
    /// <param name="configuration">What else the result depends on, such as the release of the library.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string KeyOf(string modelPath, string configuration)
    {
        var hash = new XxHash128();
        using FileStream stream = File.OpenRead(modelPath);
        byte[] buffer = new byte[HeadBytes];
        hash.Append(Encoding.UTF8.GetBytes($"{configuration}|{stream.Length}|"));
        hash.Append(buffer.AsSpan(0, stream.ReadAtLeast(buffer, HeadBytes, throwOnEndOfStream: false)));
        stream.Seek(-Math.Min(TailBytes, stream.Length), SeekOrigin.End);
        hash.Append(buffer.AsSpan(0, stream.ReadAtLeast(buffer.AsSpan(0, TailBytes), TailBytes, throwOnEndOfStream: false)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns the stored result, or null.</summary>
    /// <param name="key">The key; see <see cref="KeyOf"/>.</param>
    /// <param name="life">For how long a result counts; null for ever.</param>
    public string? Find(string key, TimeSpan? life = null)
    {
        try
        {
            var file = new FileInfo(PathOf(key));
            return file is not { Exists: true, Length: <= MaxResultLength } || time.GetUtcNow() - file.LastWriteTimeUtc > life
                ? null
                : File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Stores a result. If that fails, the model is tried again next time.</summary>
    public void Store(string key, string result)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string unfinished = $"{PathOf(key)}.{Environment.ProcessId}";
            File.WriteAllText(unfinished, result);
            File.Move(unfinished, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Trying again costs less than a load that fails.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key);
}
