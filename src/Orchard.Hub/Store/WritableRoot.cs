using Orchard.Hub.Errors;

namespace Orchard.Hub.Store;

/// <summary>Finds the cache that receives downloads.</summary>
internal static class WritableRoot
{
    private const string TagContent =
        "Signature: 8a477f597d28d172789f06886806bc55\n# This directory is a cache of downloaded models. See https://bford.info/cachedir/\n";

    /// <summary>Returns the first cache that can be written, created if necessary.</summary>
    /// <exception cref="HubException">None can be written.</exception>
    public static string Find(IReadOnlyList<string> roots)
    {
        Exception? last = null;
        foreach (string root in roots)
        {
            try
            {
                Directory.CreateDirectory(root);
                string tag = Path.Combine(root, "CACHEDIR.TAG");
                if (File.Exists(tag))
                {
                    string probe = SafeFile.TemporaryName(tag);
                    using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
                    {
                    }
                }
                else
                {
                    SafeFile.WriteAllText(tag, TagContent);
                }

                return root;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                last = e;
            }
        }

        string tried = roots.Count == 0 ? "" : $": {string.Join(", ", roots)}";
        throw new HubException(
            HubErrorKind.Download, $"No cache can be written{tried}. Set HF_HUB_CACHE to a folder of yours. {last?.Message}", last);
    }
}
