using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>The model of a request, by its names for the client, for the engine, and as a file. Immutable.</summary>
/// <param name="Requested">As the request names it.</param>
/// <param name="Name">As this server's own client names it.</param>
/// <param name="Path">Absolute path of its file; empty if it is not stored.</param>
/// <param name="Id">Its identity in the engine.</param>
internal sealed record ServedModel(string Requested, string Name, string Path, string Id)
{
    /// <summary>Returns a text in which the model has the name that the request used.</summary>
    /// <param name="text">A text for the client.</param>
    public string Conceal(string text)
    {
        foreach (string path in new[] { Path, Id }.Distinct().Where(System.IO.Path.IsPathFullyQualified))
        {
            text = path == Requested ? text : ServerPaths.Rename(text, path, Requested);
        }

        return Name == Requested ? text : text.Replace($"'{Name}'", $"'{Requested}'", StringComparison.Ordinal);
    }
}
