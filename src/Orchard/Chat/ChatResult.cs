namespace Orchard;

/// <summary>A finished answer. Immutable.</summary>
public sealed record ChatResult
{
    /// <summary>What the model said. A stop string that ended it is not part of it unless <see cref="GenerationOptions.KeepStopString"/>.</summary>
    public required string Text { get; init; }

    /// <summary>What the model thought before it answered; empty when it did not. It is not part of <see cref="Text"/>.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>The tools that the model wants called. One with a <see cref="ToolCall.Error"/> cannot be.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Why the model stopped.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens taken by this answer.</summary>
    public required Usage Usage { get; init; }

    /// <summary>
    /// Tokens taken by everything that was generated for the conversation: the prompt once, and all candidates, those included that
    /// <see cref="GenerationOptions.BestOf"/> left out.
    /// </summary>
    public Usage ConversationUsage { get; init; }

    /// <summary>Which of the generated candidates this is, from 0.</summary>
    public int CandidateIndex { get; init; }

    /// <summary>
    /// The further answers when <see cref="GenerationOptions.CandidateCount"/> is more than 1: by <see cref="CandidateIndex"/>, or best
    /// first with <see cref="GenerationOptions.BestOf"/>.
    /// </summary>
    public IReadOnlyList<ChatResult> Alternatives { get; init; } = [];

    /// <summary>The answer's tokens and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.</summary>
    /// <remarks>The tokens of a stop string are among them. The token that ended the turn is not.</remarks>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];

    /// <summary>Sum of the log probabilities of the answer's tokens; null when nobody asked: with neither log probabilities nor several candidates.</summary>
    public double? CumulativeLogprob { get; init; }

    /// <summary>Why this conversation of a batch failed; null when it did not. A conversation that is not part of a batch throws instead.</summary>
    public OrchardException? Error { get; init; }

    /// <summary>The answer as a message of the conversation that goes on; results of its <see cref="ToolCalls"/> belong after it.</summary>
    public Message ToMessage() => Message.Assistant(Text, ToolCalls) with { Reasoning = Reasoning.Length > 0 ? Reasoning : null };
}
