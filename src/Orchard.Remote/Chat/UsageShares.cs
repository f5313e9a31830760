namespace Orchard.Remote.Chat;

/// <summary>Divides the usage of a request between its candidates. Servers report only the sum. Pure.</summary>
internal static class UsageShares
{
    /// <summary>Returns the usage of each candidate: generated tokens in proportion to the number of its events.</summary>
    /// <param name="total">The usage of the request.</param>
    /// <param name="parts">The number of events of each candidate.</param>
    public static Usage[] Of(Usage total, int[] parts)
    {
        if (parts.Length == 1)
        {
            return [total];
        }

        int[] completion = Divide(total.CompletionTokens, parts);
        int[] reasoning = Divide(total.ReasoningTokens, parts);
        return
        [
            .. parts.Select((_, index) => total with
            {
                CompletionTokens = completion[index],
                ReasoningTokens = Math.Min(reasoning[index], completion[index]),
            }),
        ];
    }

    private static int[] Divide(int total, int[] parts)
    {
        long all = Math.Max(parts.Sum(static part => (long)part), 1);
        var shares = new int[parts.Length];
        long before = 0;
        int given = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            before += parts[i];
            int upTo = i == parts.Length - 1 ? total : (int)(total * before / all);
            (shares[i], given) = (upTo - given, upTo);
        }

        return shares;
    }
}
