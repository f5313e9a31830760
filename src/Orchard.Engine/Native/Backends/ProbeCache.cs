namespace Orchard.Engine.Native.Backends;

/// <summary>
/// Remembers which GPU libraries work and which ended the process that tried them, one small file each. Thread-safe, also with other
/// processes.
/// </summary>
/// <param name="folder">Where the files are. Created when the first result is stored.</param>
/// <param name="time">The clock.</param>
internal sealed class ProbeCache(string folder, TimeProvider time)
{
    // Perhaps a driver that failed was only being installed.
    private static readonly TimeSpan FailureLife = TimeSpan.FromDays(1);

    /// <summary>Returns the stored result, or null.</summary>
    public ProbeResult? Find(string key)
    {
        try
        {
            string path = PathOf(key);
            string text = File.ReadAllText(path);
            return text == ProbeOutput.Usable ? new ProbeResult(null)
                : !text.StartsWith(ProbeOutput.Unusable, StringComparison.Ordinal) ? null
                : time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > FailureLife ? null
                : new ProbeResult($"{text[ProbeOutput.Unusable.Length..]} To try it again, delete '{path}'.", IsFatal: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Stores a result. Other reasons than a fatal one are not stored: they are found quickly, and may pass.</summary>
    public void Store(string key, ProbeResult result)
    {
        if (result is { Problem: not null, IsFatal: false })
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string unfinished = $"{PathOf(key)}.{Environment.ProcessId}";
            File.WriteAllText(unfinished, result.Problem is null ? ProbeOutput.Usable : ProbeOutput.Unusable + result.Problem);
            File.Move(unfinished, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The library is tried out again at the next start.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, $"probe-{key}");
}
