namespace Orchard.Protocol.Messages.Requests;

/// <summary>A range of a prompt's UTF-8 text in which the tokenizer must not recognize control tokens.</summary>
internal readonly record struct PlainSpan(int Start, int Length)
{
    /// <summary>Decodes the wire form: a flat list of alternating starts and lengths.</summary>
    /// <exception cref="WireException">A range is outside the text, or the ranges are not in order.</exception>
    public static PlainSpan[] Decode(IReadOnlyList<int> numbers, ulong textSize)
    {
        var spans = new PlainSpan[numbers.Count / 2];
        long end = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            (int start, int length) = (numbers[2 * i], numbers[(2 * i) + 1]);
            if (start < end || length < 1 || (ulong)((long)start + length) > textSize)
            {
                throw new WireException(
                    $"orchard.plain_text: the range of {length} bytes at {start} is empty, not within the text of {textSize} bytes, " +
                    "or not after the previous range.");
            }

            spans[i] = new PlainSpan(start, length);
            end = (long)start + length;
        }

        return numbers.Count % 2 == 0 ? spans : throw new WireException("orchard.plain_text: the last start has no length.");
    }
}
