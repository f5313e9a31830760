using System.Text.RegularExpressions;

namespace Orchard.Server.Errors;

/// <summary>Removes the paths of this machine from texts for clients, which need not know where its files are. Pure.</summary>
internal static partial class ServerPaths
{
    /// <summary>Returns a text in which the file of a model is called as the client calls the model.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Absolute path of the model's file.</param>
    /// <param name="name">The client's name of the model.</param>
    public static string Rename(string text, string path, string name)
    {
        // The other parts of the model are beside its file.
        string folder = path[..(path.LastIndexOfAny(['/', '\\']) + 1)];
        return string.Join(name, text.Split(path).Select(
            rest => folder.Length > 1 ? rest.Replace(folder, "", StringComparison.Ordinal) : rest));
    }

    /// <summary>Returns a text in which all files are without their folders.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kept">A name that stays even if it is a path, because it is the client's; null for none.</param>
    public static string WithoutFolders(string text, string? kept) => AbsolutePath().Replace(
        text, found => found.Value == kept ? found.Value : found.Value.TrimEnd('/', '\\').Split('/', '\\')[^1]);

    // In quotes a path may have spaces. Addresses and JSON pointers are no paths.
    [GeneratedRegex(
        @"(?<=')(?:/|[A-Za-z]:\\|\\\\)[^'\n]+(?=')|(?<![\w:/.#*\\'])(?:/|[A-Za-z]:\\|\\\\)[^\s'"",;()]*[^\s'"",;().:]",
        RegexOptions.CultureInvariant)]
    private static partial Regex AbsolutePath();
}
