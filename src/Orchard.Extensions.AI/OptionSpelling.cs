namespace Orchard.Extensions.AI;

/// <summary>Recognizes misspelt options. Pure.</summary>
internal static class OptionSpelling
{
    // Shorter names differ from too many words by a letter or two.
    private const int ShortestForOneError = 5;
    private const int ShortestForTwoErrors = 9;

    // Properties that are options of other engines, for the loading of a model or for the service, or that middleware uses.
    private static readonly HashSet<string> Others =
    [
        "batch", "embeddingonly", "f16kv", "frequency", "gpulayers", "logitsall", "lowvram", "maingpu", "metadata", "model",
        "numa", "numbatch", "numctx", "numgpu", "numkeep", "numthread", "penalizenewline", "penalizenl", "promptcachekey",
        "raw", "safetyidentifier", "servicetier", "shift",
        "store", "stream", "streamoptions", "strict", "system", "template", "threads", "tools", "truncate", "usemlock", "usemmap", "user",
        "vocabonly",
    ];

    /// <summary>Returns the option that a normalized name was probably meant to be; null if it is a name of its own.</summary>
    public static string? Suggest(string name, IEnumerable<string> options)
    {
        if (Others.Contains(name) || name.Length < ShortestForOneError)
        {
            return null;
        }

        int allowed = name.Length < ShortestForTwoErrors ? 1 : 2;
        return options
            .Where(option => Math.Abs(option.Length - name.Length) <= allowed)
            .Select(option => (Option: option, Errors: Distance(option, name)))
            .Where(candidate => candidate.Errors <= allowed)
            .OrderBy(candidate => candidate.Errors)
            .Select(candidate => candidate.Option)
            .FirstOrDefault();
    }

    // Insertions, deletions, replacements and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                int replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
