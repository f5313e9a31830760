namespace Orchard.Architecture.Tests.Rules;

/// <summary>The layers of a project, from the top down.</summary>
/// <param name="Project">The name of the project.</param>
/// <param name="Layers">
/// For each layer the folders or files in it, as paths relative to the project's folder; "" is the project's root. A file belongs to the
/// longest path that contains it, so a subfolder may have a layer of its own.
/// </param>
internal sealed record LayerTable(string Project, IReadOnlyList<IReadOnlyList<string>> Layers)
{
    /// <summary>
    /// Returns the index of the layer of a file, counted from the top, and the entry that the file belongs to; null when there is none.
    /// </summary>
    public (int Layer, string Entry)? Find(string file)
    {
        (int Layer, string Entry)? found = null;
        for (int layer = 0; layer < Layers.Count; layer++)
        {
            foreach (string entry in Layers[layer])
            {
                if (Contains(entry, file) && (found is null || entry.Length > found.Value.Entry.Length))
                {
                    found = (layer, entry);
                }
            }
        }

        return found;
    }

    private static bool Contains(string entry, string file) => entry.Length == 0
        ? !file.Contains('/')
        : file == entry || file.StartsWith(entry + "/", StringComparison.Ordinal);
}
