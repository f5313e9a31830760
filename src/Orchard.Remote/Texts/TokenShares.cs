namespace Orchard.Remote.Texts;

/// <summary>Divides the tokens of a request between its texts. Servers report only the sum. Pure.</summary>
internal static class TokenShares
{
    /// <summary>Returns the tokens of each text, in proportion to its length.</summary>
    public static int[] Of(int total, IReadOnlyList<string> texts)
    {
        long all = Math.Max(texts.Sum(static text => (long)text.Length), 1);
        var shares = new int[texts.Count];
        long before = 0;
        int given = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            before += texts[i].Length;
            int upTo = i == shares.Length - 1 ? total : (int)(total * before / all);
            (shares[i], given) = (upTo - given, upTo);
        }

        return shares;
    }
}
