namespace Orchard.Protocol.Messages;

/// <summary>One response message: a piece of one sequence's output, or its end. A field is null (or default) when the wire did not have it.</summary>
internal sealed record ResponseDelta
{
    public required ulong RequestId { get; init; }

    /// <summary>The engine's id of the sequence, one per (prompt, candidate).</summary>
    public ulong? SequenceId { get; init; }

    public int? PromptIndex { get; init; }

    public int? CandidateIndex { get; init; }

    public string? Content { get; init; }

    public bool IsFinal { get; init; }

    /// <summary>As on the wire; <c>DELTA</c> on a delta that is not final.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Failure text, whichever of its spellings the sender used.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Ours: what kind of failure, one of <see cref="ErrorCodes"/>. Siblings leave it out.</summary>
    public string? ErrorCode { get; init; }

    public int? MatchedStopTokenId { get; init; }

    public string? MatchedStopToken { get; init; }

    public int? PromptTokenCount { get; init; }

    public int? CachedTokenCount { get; init; }

    public int? TokensInDelta { get; init; }

    /// <summary>Tokens generated so far in this sequence.</summary>
    public int? GenerationLength { get; init; }

    public int? ReasoningTokens { get; init; }

    public int[]? Tokens { get; init; }

    public TokenLogprob[]? TopLogprobs { get; init; }

    public double? CumulativeLogprob { get; init; }

    public StateEvent[]? StateEvents { get; init; }

    public string? ModalDecoderId { get; init; }

    public string? ModalType { get; init; }

    public string? ModalEvent { get; init; }

    public string? ModalMimeType { get; init; }

    public string? ModalMetadataJson { get; init; }

    public byte[]? ModalBytes { get; init; }

    public byte[]? EmbeddingBytes { get; init; }
}

/// <param name="Token">The token's id as decimal text.</param>
/// <param name="Logprob">Natural logarithm, though the wire calls it probability.</param>
/// <param name="Bytes">The token's bytes when the sender gave them.</param>
internal sealed record TokenLogprob(string Token, double Logprob, byte[]? Bytes = null);

internal enum StateEventType : byte
{
    Unknown,
    ItemStarted,
    ContentDelta,
    ItemCompleted,
}

internal enum OutputItemType : byte
{
    Message,
    Reasoning,
    ToolCall,
    Unknown,
}

/// <param name="Type">What happened to the item.</param>
/// <param name="ItemType">What kind of item.</param>
/// <param name="OutputIndex">Its place in the output.</param>
/// <param name="Identifier">Its name; <c>tool_call:&lt;function&gt;</c> for the header of a call.</param>
/// <param name="Delta">Text of a content delta.</param>
/// <param name="Value">The complete value on completion: a string's text, or the raw JSON of anything else.</param>
internal sealed record StateEvent(StateEventType Type, OutputItemType ItemType, int OutputIndex, string Identifier, string? Delta = null, string? Value = null);
