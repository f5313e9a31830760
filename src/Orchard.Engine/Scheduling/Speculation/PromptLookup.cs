namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// Drafts tokens for speculative decoding by prompt lookup: it finds an earlier occurrence of the last tokens of a text and proposes what
/// followed there. Answers quote their prompts, and structured text repeats itself.
/// </summary>
internal static class PromptLookup
{
    // Number of tokens that must match. Shorter matches occur everywhere and predict nothing.
    private const int MatchLength = 3;

    /// <summary>
    /// Drafts the tokens after <paramref name="newest"/>, and returns their number: zero without an earlier match.
    /// </summary>
    /// <param name="before">The tokens before the newest.</param>
    /// <param name="newest">The last token of the text.</param>
    /// <param name="draft">Receives the tokens; its length is their maximum number.</param>
    public static int Draft(ReadOnlySpan<int> before, int newest, Span<int> draft)
    {
        if (draft.IsEmpty || before.Length < MatchLength)
        {
            return 0;
        }

        Span<int> match = [before[^2], before[^1], newest];
        int found = before.LastIndexOf(match);
        if (found < 0)
        {
            return 0;
        }

        // Beyond the end of the text, the draft continues with its own tokens, which extends a short repeating pattern.
        int from = found + MatchLength;
        for (int i = 0; i < draft.Length; i++)
        {
            int at = from + i;
            int token = at < before.Length ? before[at] : at == before.Length ? newest : draft[at - before.Length - 1];
            if (token < 0)
            {
                return i; // an image or sound, which no model generates
            }

            draft[i] = token;
        }

        return draft.Length;
    }
}
