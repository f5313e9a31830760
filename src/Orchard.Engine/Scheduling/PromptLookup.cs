namespace Orchard.Engine.Scheduling;

/// <summary>
/// Guesses how a text goes on from where its last tokens stood before: answers quote their prompts, and structured text repeats itself.
/// The guesses of one sequence, which grow while they come true and pause while they do not pay. Not thread-safe.
/// </summary>
/// <remarks>
/// A guess costs its share of a decode, usually less than a decode of its own, and saves one when it comes true. How much it costs depends on
/// the model, the machine and the length of the guess, so it is measured. A sequence is only as slow as without guesses, and now and then
/// a little slower, when it repeats nothing.
/// </remarks>
internal sealed class PromptLookup
{
    /// <summary>Most tokens of one guess.</summary>
    public const int Longest = 15;

    // Tokens that must stand where they stood before. Fewer are found everywhere, and mean nothing.
    private const int Context = 3;
    private const int First = 4;
    private const int LongestPause = 64;
    private const double CostWhenNotKnown = 0.5; // of a guessed token
    private const double Memory = 0.5;

    private readonly int[] _guess = new int[Longest];
    private int _length = First;
    private double _saved; // decodes of one token that the last guesses saved
    private int _losses;
    private int _pause;

    /// <summary>Guesses the tokens after <paramref name="newest"/>; empty when nothing like it stood there before, or during a pause.</summary>
    /// <param name="before">The tokens before the newest.</param>
    /// <param name="newest">The last token of the text.</param>
    /// <param name="most">How many tokens are wanted at most.</param>
    public ReadOnlySpan<int> Guess(ReadOnlySpan<int> before, int newest, int most)
    {
        if (_pause > 0)
        {
            _pause--;
            return default;
        }

        if (most <= 0 || before.Length < Context)
        {
            return default;
        }

        Span<int> context = [before[^2], before[^1], newest];
        int found = before.LastIndexOf(context);
        if (found < 0)
        {
            return default;
        }

        // The text goes on as it did there. Where that comes to the end of the text, it goes on with what has just been guessed: a text that
        // repeats itself in short turns does so again.
        int from = found + Context;
        int count = Math.Min(_length, most);
        for (int i = 0; i < count; i++)
        {
            int at = from + i;
            _guess[i] = at < before.Length ? before[at] : at == before.Length ? newest : _guess[at - before.Length - 1];
        }

        return _guess.AsSpan(0, count);
    }

    /// <summary>Takes note of what became of a guess.</summary>
    /// <param name="guessed">Its tokens, at least one.</param>
    /// <param name="right">How many of them came true.</param>
    /// <param name="decodes">How many decodes of one token the decode took as long as; null: not known.</param>
    public void Learn(int guessed, int right, double? decodes = null)
    {
        if (right == guessed)
        {
            _length = Math.Min(_length * 2, Longest);
        }
        else if (right * 2 < guessed)
        {
            _length = Math.Max(_length / 2, 2);
        }

        // One that took longer than its tokens one by one met something else on the machine.
        double cost = decodes is { } measured ? Math.Min(measured - 1, guessed) : guessed * CostWhenNotKnown;
        _saved = (_saved * Memory) + right - cost;
        if (_saved < 0)
        {
            _pause = Math.Min(1 << _losses, LongestPause);
            _losses = Math.Min(_losses + 1, 6);
        }
        else
        {
            _losses = 0;
        }
    }
}
