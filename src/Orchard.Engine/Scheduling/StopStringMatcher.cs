using System.Buffers;
using System.Text;

namespace Orchard.Engine.Scheduling;

/// <summary>Ends a text right after the first stop string in it, and holds back what may be the beginning of one.</summary>
/// <remarks>
/// The output is the shortest beginning of the text that ends with a stop string; where several end there, the longest is
/// reported. That depends on the text alone, never on how it is cut into tokens, and needs no token beyond the match.
/// Held back is the longest end of the text that begins a stop string, so a match always comes out in one piece. Whoever
/// strips stop strings relies on that. Not thread-safe.
/// </remarks>
internal sealed class StopStringMatcher
{
    private readonly Candidate[] _candidates;

    /// <param name="stopStrings">What to look for, byte for byte. Empty ones are ignored: they would end a text before it begins.</param>
    public StopStringMatcher(IEnumerable<string> stopStrings)
    {
        // Longest first, so that the first candidate to match is the one to report.
        _candidates = [.. stopStrings
            .Where(static text => text.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Select(static text => new Candidate(text))
            .OrderByDescending(static candidate => candidate.Utf8.Length)];
    }

    /// <summary>The stop string that ended the text, or null while none has.</summary>
    public string? Match { get; private set; }

    /// <summary>Takes whole characters in and writes those that are decided to <paramref name="output"/>. After a match nothing is.</summary>
    public void Append(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (Match is not null)
        {
            return;
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
    }

    /// <summary>Ends the text: what is held back begins no stop string any more.</summary>
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

    // The held text needs no buffer of its own: it is the matched beginning of a candidate.
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

    /// <summary>One stop string and how much of it the text ends with (Knuth, Morris and Pratt).</summary>
    private sealed class Candidate
    {
        /// <summary>Per length: how much of the string still matches when the byte after that length does not.</summary>
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

        /// <summary>Returns whether the text now ends with the whole string; nothing may follow that.</summary>
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
