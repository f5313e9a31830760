using System.Globalization;

namespace Orchard.Cli.Chat;

/// <summary>An answer, or the part of it that arrived before it was stopped.</summary>
internal sealed record Answer
{
    public required string Text { get; init; }

    public required string Reasoning { get; init; }

    /// <summary>Null if the answer was stopped.</summary>
    public FinishReason? FinishReason { get; init; }

    public Usage Usage { get; init; }

    /// <summary>Time from the request to the first token.</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>Time from the request to the last token.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>The message for the conversation.</summary>
    public Message ToMessage() => new(MessageRole.Assistant, Text) { Reasoning = Reasoning.Length == 0 ? null : Reasoning };

    /// <summary>Describes how fast the answer was.</summary>
    public string DescribeSpeed()
    {
        double seconds = (Total - FirstToken).TotalSeconds;
        string rate = seconds > 0 && Usage.CompletionTokens > 1
            ? string.Create(CultureInfo.InvariantCulture, $", {(Usage.CompletionTokens - 1) / seconds:0} tokens/s")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"({Usage.PromptTokens} prompt tokens, {Usage.CachedTokens} of them cached; {Usage.CompletionTokens} tokens{rate}; "
            + $"first token after {FirstToken.TotalMilliseconds:0} ms)");
    }
}
