namespace Orchard.Engine.Inference.Media;

/// <summary>Finds the projector of a model.</summary>
internal static class ProjectorLocator
{
    private const string Pattern = "mmproj*.gguf";
    private const int MostFiles = 32;

    /// <summary>
    /// Returns the only projector beside a model file that can be the one of the model; null if there is none, or if there are several.
    /// </summary>
    /// <param name="modelPath">Path of the model file.</param>
    /// <param name="width">Dimensions of an embedding of the model.</param>
    public static ProjectorHeader? FindBeside(string modelPath, int width)
    {
        ProjectorHeader? found = null;
        foreach (string file in FilesBeside(modelPath))
        {
            ProjectorHeader header;
            try
            {
                header = ProjectorHeader.Read(file);
            }
            catch (ModelFileException)
            {
                continue; // nobody has named it
            }

            if (header.Fits(width))
            {
                if (found is not null)
                {
                    return null;
                }

                found = header;
            }
        }

        return found;
    }

    private static string[] FilesBeside(string modelPath)
    {
        try
        {
            string[] files = Directory.GetFiles(
                Path.GetDirectoryName(Path.GetFullPath(modelPath))!,
                Pattern,
                new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive });
            Array.Sort(files, StringComparer.Ordinal);
            return files.Length <= MostFiles ? files : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
