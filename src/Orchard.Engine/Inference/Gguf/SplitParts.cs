using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>The files of a split model, which the library finds by the name of the first one.</summary>
internal static partial class SplitParts
{
    private const int MaxNamed = 5;

    /// <summary>Returns the size of the other files of the model; 0 if it is not split.</summary>
    /// <param name="path">The first file.</param>
    /// <exception cref="ModelFileException">Other files are missing, or the file is not the first one.</exception>
    /// <exception cref="IOException">The size of a file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    public static long OtherBytes(string path)
    {
        Match name = NamePattern().Match(Path.GetFileName(path));
        if (!name.Success)
        {
            return 0;
        }

        int count = int.Parse(name.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        if (int.Parse(name.Groups["part"].ValueSpan, CultureInfo.InvariantCulture) != 1)
        {
            throw new ModelFileException(path, $"'{path}' is not the first of the {count:N0} files of a split model. Use '{PathOf(1)}'.");
        }

        string[] others = [.. Enumerable.Range(2, count - 1).Select(PathOf)];
        string[] missing = [.. others.Where(static part => !File.Exists(part)).Select(static part => Path.GetFileName(part))];
        return missing.Length == 0
            ? others.Sum(BytesOf)
            : throw new ModelFileException(
                path,
                $"The model '{path}' is split into {count:N0} files, of which {missing.Length:N0} are missing: "
                + $"{string.Join(", ", missing.Take(MaxNamed))}{(missing.Length > MaxNamed ? ", …" : "")}. "
                + "Download or copy them next to it.");

        string PathOf(int part) => Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            string.Create(CultureInfo.InvariantCulture, $"{name.Groups["stem"].Value}-{part:00000}-of-{count:00000}.gguf"));
    }

    // Of the file itself if the path is a link.
    private static long BytesOf(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }

    [GeneratedRegex(@"^(?<stem>.+)-(?<part>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
