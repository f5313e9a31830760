namespace Orchard.Server.OpenAI.Chat;

/// <summary>The tokens of an answer with their log probabilities.</summary>
internal sealed record ChatLogprobs
{
    /// <summary>The tokens.</summary>
    public required IReadOnlyList<ChatTokenLogprob> Content { get; init; }

    /// <summary>Returns the JSON of tokens; null if there are none.</summary>
    public static ChatLogprobs? Of(IReadOnlyList<TokenLogprob> tokens) =>
        tokens.Count == 0 ? null : new ChatLogprobs { Content = [.. tokens.Select(ChatTokenLogprob.Of)] };
}

/// <summary>A token with its log probability.</summary>
internal sealed record ChatTokenLogprob
{
    // JSON has no infinity. OpenAI's value for a token that could not be generated.
    private const double Lowest = -9999;

    /// <summary>Text of the token.</summary>
    public required string Token { get; init; }

    /// <summary>The log probability.</summary>
    public required double Logprob { get; init; }

    /// <summary>The token in UTF-8.</summary>
    public required IReadOnlyList<int> Bytes { get; init; }

    /// <summary>The most probable tokens at this position.</summary>
    public IReadOnlyList<ChatTokenLogprob>? TopLogprobs { get; init; }

    /// <summary>Returns the JSON of a token.</summary>
    public static ChatTokenLogprob Of(TokenLogprob token) =>
        Alternative(token) with { TopLogprobs = [.. token.TopLogprobs.Select(Alternative)] };

    private static ChatTokenLogprob Alternative(TokenLogprob token) => new()
    {
        Token = token.Text,
        Logprob = double.IsFinite(token.Logprob) ? token.Logprob : Lowest,
        Bytes = [.. token.Bytes.ToArray().Select(static one => (int)one)],
    };
}
