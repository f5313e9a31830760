namespace Orchard.Models;

/// <summary>Finds names that a mistyped name could mean.</summary>
internal static class NearestNames
{
    private const int MaxNames = 5;
    private const int MaxLength = 256;

    /// <summary>Returns up to five names, the most similar first. Names that have little in common with the text are left out.</summary>
    public static IReadOnlyList<string> Find(string text, IEnumerable<string> names) => text.Length > MaxLength
        ? []
        :
        [
            .. names.Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => name.Length <= MaxLength)
                .Select(name => (Name: name, Distance: Distance(text.ToUpperInvariant(), name.ToUpperInvariant())))
                .Where(found => found.Distance <= Math.Max(text.Length, found.Name.Length) / 2)
                .OrderBy(found => found.Distance)
                .ThenBy(found => found.Name, StringComparer.Ordinal)
                .Take(MaxNames)
                .Select(found => found.Name),
        ];

    // Levenshtein.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
