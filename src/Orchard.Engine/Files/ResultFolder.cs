namespace Orchard.Engine.Files;

/// <summary>
/// Remembers what was found out by trying, one small file per result. A result that cannot be stored or read is found out again.
/// Thread-safe, also with other processes: a file appears complete or not at all.
/// </summary>
/// <param name="path">The folder. Created with the first file.</param>
/// <param name="time">The clock.</param>
internal sealed class ResultFolder(string path, TimeProvider time)
{
    private const int MaxBytes = 1 << 16;

    /// <summary>Returns where a result is.</summary>
    /// <param name="name">Name of its file.</param>
    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Returns a result; null if there is none.</summary>
    /// <param name="name">Name of its file.</param>
    /// <param name="life">For how long it counts; null for ever.</param>
    public string? Find(string name, TimeSpan? life = null)
    {
        try
        {
            var file = new FileInfo(PathOf(name));
            return file is not { Exists: true, Length: <= MaxBytes } || time.GetUtcNow() - file.LastWriteTimeUtc > life
                ? null
                : File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Stores a result, if that is possible.</summary>
    /// <param name="name">Name of its file.</param>
    /// <param name="result">The result.</param>
    public void Store(string name, string result)
    {
        string unfinished = PathOf($"new-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(unfinished, result);
            File.Move(unfinished, PathOf(name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
        }
    }

    /// <summary>Forgets a result, if that is possible.</summary>
    /// <param name="name">Name of its file.</param>
    public void Remove(string name) => TryDelete(PathOf(name));

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A result that stays is overwritten by the next one.
        }
    }
}
