namespace Orchard.Grammars.Characters;

/// <summary>Translates ranges of code points to sequences of byte ranges, so that an automaton can match them in UTF-8.</summary>
internal static class Utf8Ranges
{
    /// <summary>
    /// Splits a range of code points into sequences of byte ranges. The encoding of each code point in the range matches exactly one of
    /// them, byte by byte, and nothing else matches.
    /// </summary>
    public static IEnumerable<(byte First, byte Last)[]> Split(int first, int last)
    {
        foreach ((int from, int to, int length) in new[] { (0, 0x7F, 1), (0x80, 0x7FF, 2), (0x800, 0xFFFF, 3), (0x10000, 0x10FFFF, 4) })
        {
            int low = Math.Max(first, from);
            int high = Math.Min(last, to);
            if (low <= high)
            {
                foreach ((byte, byte)[] sequence in SplitAligned(low, high, length))
                {
                    yield return sequence;
                }
            }
        }
    }

    // All code points here have encodings of the same length. The range is a single sequence if, after the first byte in which its two
    // ends differ, the low end has only smallest and the high end only largest continuation bytes. Otherwise it is split there.
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
