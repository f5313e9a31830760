namespace Orchard.Grammars.Automata;

/// <summary>Which token is expected in a state: by the grammar, or because it came there before. Not thread-safe.</summary>
/// <param name="token">The token that the grammar suggests; negative if the text can go on in several ways.</param>
/// <param name="isCertain">Whether no other token is allowed.</param>
/// <param name="learns">Whether a token that came there before is expected to come again.</param>
internal sealed class TokenExpectation(int token, bool isCertain, bool learns)
{
    public const int None = -1;

    private const int MaxConfidence = 4;
    private const int Confident = 2;

    private int _last = None;
    private int _confidence;

    /// <summary>The expected token; negative if there is none.</summary>
    public int Token => _confidence >= (token < 0 ? Confident : 1) ? _last : token;

    /// <summary>Whether no other token is allowed.</summary>
    public bool IsCertain { get; } = isCertain;

    /// <summary>Whether it is one of several ways to divide a text into tokens, and none has come there before.</summary>
    public bool IsUntried => !IsCertain && _confidence == 0;

    /// <summary>Records the token that came.</summary>
    public void Record(int next)
    {
        if (!learns)
        {
            return;
        }

        if (next == _last)
        {
            _confidence = Math.Min(_confidence + 1, MaxConfidence);
        }
        else if (--_confidence <= 0)
        {
            (_last, _confidence) = (next, 1);
        }
    }
}
