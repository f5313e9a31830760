namespace Orchard;

/// <summary>A complete answer. Immutable.</summary>
public sealed class ChatResult
{
    /// <summary>
    /// The text of the answer. The stop sequence that ended it is left out unless <see cref="GenerationOptions.IncludeStopSequence"/> is
    /// set.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The model's reasoning before the answer; empty if there was none. It is not part of <see cref="Text"/>.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>The tool calls the model requests. A call with a <see cref="ToolCall.Error"/> cannot be executed.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Why generation ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Token counts of this answer.</summary>
    public required Usage Usage { get; init; }

    /// <summary>
    /// Token counts of the conversation: the prompt once, plus all generated candidates, including those that
    /// <see cref="GenerationOptions.BestOf"/> discarded.
    /// </summary>
    public Usage ConversationUsage { get; init; }

    /// <summary>Zero-based index of this answer among the generated candidates.</summary>
    public int CandidateIndex { get; init; }

    /// <summary>
    /// The other answers if <see cref="GenerationOptions.CandidateCount"/> is greater than 1: ordered by <see cref="CandidateIndex"/>, or
    /// best first if <see cref="GenerationOptions.BestOf"/> is set.
    /// </summary>
    public IReadOnlyList<ChatResult> Alternatives { get; init; } = [];

    /// <summary>
    /// The answer's tokens with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is set.
    /// </summary>
    /// <remarks>Includes the tokens of a stop sequence, but not the token that ended the turn.</remarks>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];

    /// <summary>
    /// Sum of the log probabilities of the answer's tokens; null if neither log probabilities nor several candidates were requested.
    /// </summary>
    public double? CumulativeLogprob { get; init; }

    /// <summary>
    /// Names of the <see cref="GenerationOptions"/> that were set, but that the model cannot follow; empty if there are none. See
    /// <see cref="GenerationOptions.IgnoreUnsupportedReasoning"/>.
    /// </summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];

    /// <summary>
    /// Where the answer was generated, and which way the call went if its model is a <see cref="ModelRoute"/>; null if that was the engine
    /// on this machine, as the model's name says.
    /// </summary>
    public AnswerOrigin? Origin { get; init; }

    /// <summary>
    /// Why this conversation of a batch failed; null if it did not fail. Outside a batch, a failure is thrown instead.
    /// </summary>
    public OrchardException? Error { get; init; }

    /// <summary>
    /// Returns the answer as a message to append to the conversation. Results of its <see cref="ToolCalls"/> follow that message.
    /// </summary>
    public Message ToMessage() => new(MessageRole.Assistant, Text)
    {
        ToolCalls = [.. ToolCalls],
        Reasoning = Reasoning.Length > 0 ? Reasoning : null,
    };
}
