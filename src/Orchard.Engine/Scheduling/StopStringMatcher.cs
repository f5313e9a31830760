using System.Buffers;
using System.Text;

namespace Orchard.Engine.Scheduling;

/// <summary>Ends a text after the first stop sequence in it, and holds back text that may be the beginning of one.</summary>
/// <remarks>
/// The output is the shortest prefix of the text that ends with a stop sequence. If several stop sequences end there, the longest is
/// reported. The result depends only on the text, not on how it is divided into tokens, and needs no token after the match. The longest
/// suffix of the text that begins a stop sequence is held back, so that a match is always written in one piece, which callers that remove
/// stop sequences rely on. Not thread-safe.
/// </remarks>
internal sealed class StopStringMatcher
{
    private readonly Candidate[] _candidates;

    /// <param name="stopStrings">
    /// Stop sequences, compared byte by byte. Empty ones are ignored, because they would match at the start of every text.
    /// </param>
    public StopStringMatcher(IEnumerable<string> stopStrings)
    {
        // Longest first, so that the first match is the one to report.
        _candidates = [.. stopStrings
            .Where(static text => text.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Select(static text => new Candidate(text))
            .OrderByDescending(static candidate => candidate.Utf8.Length)];
    }

    /// <summary>The stop sequence that ended the text, or null.</summary>
    public string? Match { get; private set; }

    /// <summary>
    /// Appends complete characters and writes those that are final to <paramref name="output"/>. Writes nothing after a match. Returns the
    /// number of bytes up to the match, or else all of them.
    /// </summary>
    public int Append(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (Match is not null)
        {
            return 0;
        }

        ReadOnlySpan<byte> heldBefore = Held();
        int taken = 0;
        while (Match is null && taken < text.Length)
        {
            Advance(text[taken++]);
        }

        int held = Match is null ? Held().Length : 0;
        int decided = heldBefore.Length + taken - held;
        output.Write(heldBefore[..Math.Min(decided, heldBefore.Length)]);
        output.Write(text[..Math.Max(decided - heldBefore.Length, 0)]);
        return taken;
    }

    /// <summary>Ends the text and writes what was held back.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (Match is null)
        {
            output.Write(Held());
            foreach (Candidate candidate in _candidates)
            {
                candidate.Reset();
            }
        }
    }

    private void Advance(byte next)
    {
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Advance(next) && Match is null)
            {
                Match = candidate.Text;
            }
        }
    }

    // The held text needs no buffer: it equals the matched prefix of a candidate.
    private ReadOnlySpan<byte> Held()
    {
        ReadOnlySpan<byte> held = default;
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Matched.Length > held.Length)
            {
                held = candidate.Matched;
            }
        }

        return held;
    }

    /// <summary>A stop sequence and the length of its prefix that the text ends with (Knuth-Morris-Pratt).</summary>
    private sealed class Candidate
    {
        /// <summary>For each matched length, the length that still matches if the next byte does not.</summary>
        private readonly int[] _fallback;
        private int _matched;

        public Candidate(string text)
        {
            Text = text;
            Utf8 = Encoding.UTF8.GetBytes(text);
            _fallback = new int[Utf8.Length];
            for (int length = 2, shorter = 0; length < Utf8.Length; length++)
            {
                while (shorter > 0 && Utf8[length - 1] != Utf8[shorter])
                {
                    shorter = _fallback[shorter];
                }

                shorter += Utf8[length - 1] == Utf8[shorter] ? 1 : 0;
                _fallback[length] = shorter;
            }
        }

        public string Text { get; }

        public byte[] Utf8 { get; }

        public ReadOnlySpan<byte> Matched => Utf8.AsSpan(0, _matched);

        /// <summary>Returns whether the text now ends with the whole stop sequence. Must not be called again after that.</summary>
        public bool Advance(byte next)
        {
            while (_matched > 0 && Utf8[_matched] != next)
            {
                _matched = _fallback[_matched];
            }

            _matched += Utf8[_matched] == next ? 1 : 0;
            return _matched == Utf8.Length;
        }

        public void Reset() => _matched = 0;
    }
}
