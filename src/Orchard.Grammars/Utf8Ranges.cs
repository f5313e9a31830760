namespace Orchard.Grammars;

/// <summary>Cuts ranges of code points into runs of byte ranges, so that an automaton can read them from UTF-8.</summary>
internal static class Utf8Ranges
{
    /// <summary>
    /// For each part of the range one run: a text of the bytes b0 b1 … with every byte in its range is a character of the part, and each
    /// character of the range is in exactly one.
    /// </summary>
    public static IEnumerable<(byte First, byte Last)[]> Split(int first, int last)
    {
        foreach ((int from, int to, int length) in new[] { (0, 0x7F, 1), (0x80, 0x7FF, 2), (0x800, 0xFFFF, 3), (0x10000, 0x10FFFF, 4) })
        {
            int low = Math.Max(first, from);
            int high = Math.Min(last, to);
            if (low <= high)
            {
                foreach ((byte, byte)[] run in SplitAligned(low, high, length))
                {
                    yield return run;
                }
            }
        }
    }

    // All of one length. A range is one run when, from the first byte on in which its ends differ, the low end has nothing but the
    // smallest continuation bytes and the high end nothing but the largest.
    private static IEnumerable<(byte, byte)[]> SplitAligned(int first, int last, int length)
    {
        for (int bits = 6; bits <= 6 * (length - 1); bits += 6)
        {
            int mask = (1 << bits) - 1;
            if ((first & ~mask) == (last & ~mask))
            {
                break;
            }

            if ((first & mask) != 0)
            {
                return SplitAligned(first, first | mask, length).Concat(SplitAligned((first | mask) + 1, last, length));
            }

            if ((last & mask) != mask)
            {
                return SplitAligned(first, (last & ~mask) - 1, length).Concat(SplitAligned(last & ~mask, last, length));
            }
        }

        return [[.. Encode(first, length).Zip(Encode(last, length))]];
    }

    private static byte[] Encode(int codePoint, int length) => length switch
    {
        1 => [(byte)codePoint],
        2 => [(byte)(0xC0 | (codePoint >> 6)), Continuation(codePoint)],
        3 => [(byte)(0xE0 | (codePoint >> 12)), Continuation(codePoint >> 6), Continuation(codePoint)],
        _ => [(byte)(0xF0 | (codePoint >> 18)), Continuation(codePoint >> 12), Continuation(codePoint >> 6), Continuation(codePoint)],
    };

    private static byte Continuation(int bits) => (byte)(0x80 | (bits & 0x3F));
}
