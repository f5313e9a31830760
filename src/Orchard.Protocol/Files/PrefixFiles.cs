namespace Orchard.Protocol.Files;

/// <summary>
/// The folder in which an engine keeps what models have computed of prompts and answers: a folder for each model, in which a file names the
/// file of the model. Thread-safe, also with engines that use the folder: what is gone is computed again.
/// </summary>
internal static class PrefixFiles
{
    public const string Extension = ".prefix";

    /// <summary>Extension of a file that is being written.</summary>
    public const string UnfinishedExtension = ".unfinished";

    /// <summary>Name of the file with the absolute path of the model's file.</summary>
    public const string ModelFile = "model";

    /// <summary>
    /// Returns the files with what was computed, with their length and time of last use. Engines may remove them meanwhile.
    /// </summary>
    public static IReadOnlyList<FileInfo> List(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder);
            return files.Exists
                ? [.. files.EnumerateFiles("*" + Extension, SearchOption.AllDirectories).Where(static file => file.Exists)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Removes everything.</summary>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not remove a file.</exception>
    public static void Clear(string folder)
    {
        foreach (string model in ModelsIn(folder))
        {
            Remove(model);
        }
    }

    /// <summary>Removes what belongs to models whose files do not exist any more, as far as that is possible.</summary>
    public static void RemoveOrphans(string folder)
    {
        try
        {
            foreach (string model in ModelsIn(folder))
            {
                RemoveOrphan(model);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or cannot be read.
        }
    }

    private static void RemoveOrphan(string model)
    {
        try
        {
            string named = Path.Combine(model, ModelFile);
            if (File.Exists(named) && File.ReadAllText(named) is { Length: > 0 } path && !File.Exists(path))
            {
                Remove(model);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It leaves with its time.
        }
    }

    private static string[] ModelsIn(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    private static void Remove(string model)
    {
        foreach (string file in Directory.EnumerateFiles(model))
        {
            if (Path.GetExtension(file) is Extension or UnfinishedExtension || Path.GetFileName(file) == ModelFile)
            {
                File.Delete(file);
            }
        }

        if (!Directory.EnumerateFileSystemEntries(model).Any())
        {
            Directory.Delete(model);
        }
    }
}
