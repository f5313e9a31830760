namespace Orchard.Extensions.AI;

/// <summary>Values of options that other engines take and Orchard writes in another way. Pure.</summary>
internal static class CommonValues
{
    private const int MaxOutputTokensLimit = 1_048_576;

    /// <summary>Any number is a seed; -1 asks for a random one.</summary>
    public static uint? ToSeed(long seed) => seed == -1 ? null : unchecked((uint)(seed ^ (seed >> 32)));

    /// <summary>0 and negative numbers switch the limit off.</summary>
    public static int ToTopK(int topK) => Math.Max(0, topK);

    /// <summary>A number above every context is no limit, and so is a negative one.</summary>
    public static int? ToMaxOutputTokens(int max) => max is < 0 or > MaxOutputTokensLimit ? null : max;

    /// <summary>Empty texts stop nothing.</summary>
    public static IReadOnlyList<string> ToStopSequences(IEnumerable<string> texts) =>
        [.. texts.Where(static text => !string.IsNullOrEmpty(text)).Distinct(StringComparer.Ordinal)];

    /// <summary>As <see cref="ToMaxOutputTokens"/>, but 0 is no limit either, as in Ollama.</summary>
    public static int? ToNumPredict(int max) => max <= 0 ? null : ToMaxOutputTokens(max);
}
