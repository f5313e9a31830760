namespace Orchard.Protocol.Messages.Deltas;

/// <summary>
/// One response message: a piece of one sequence's output, or its end. Members are null (or default) if the wire did not have them.
/// </summary>
/// <remarks>
/// There is one delta per token, so members that ordinary deltas do not have are in <see cref="Extras"/> to keep this object small.
/// </remarks>
internal sealed record ResponseDelta
{
    private readonly StateEvent[]? _stateEvents;
    private readonly OptionalCount _promptIndex;
    private readonly OptionalCount _candidateIndex;
    private readonly OptionalCount _promptTokenCount;
    private readonly OptionalCount _cachedTokenCount;
    private readonly OptionalCount _tokensInDelta;
    private readonly OptionalCount _generationLength;
    private readonly OptionalCount _reasoningTokens;

    public required ulong RequestId { get; init; }

    /// <summary>The engine's id of the sequence. Each candidate of each prompt is one sequence.</summary>
    public ulong? SequenceId { get; init; }

    public int? PromptIndex { get => _promptIndex; init => _promptIndex = value; }

    public int? CandidateIndex { get => _candidateIndex; init => _candidateIndex = value; }

    public string? Content { get; init; }

    public bool IsFinal { get; init; }

    /// <summary>Orchard extension: the engine has accepted the request. Such a delta has no other content.</summary>
    public bool IsAcknowledgement { get; init; }

    /// <summary>See <see cref="FinishReasons"/>. <c>DELTA</c> on deltas that are not final.</summary>
    public string? FinishReason { get; init; }

    public int? PromptTokenCount { get => _promptTokenCount; init => _promptTokenCount = value; }

    /// <summary>Prompt tokens that were found in the prefix cache.</summary>
    public int? CachedTokenCount { get => _cachedTokenCount; init => _cachedTokenCount = value; }

    public int? TokensInDelta { get => _tokensInDelta; init => _tokensInDelta = value; }

    /// <summary>Tokens generated so far in this sequence.</summary>
    public int? GenerationLength { get => _generationLength; init => _generationLength = value; }

    /// <summary>Tokens generated so far that belong to reasoning.</summary>
    public int? ReasoningTokens { get => _reasoningTokens; init => _reasoningTokens = value; }

    public int[]? Tokens { get; init; }

    public TokenLogprob[]? TopLogprobs { get; init; }

    /// <summary>Changes of the output items. Allocated on each access if <see cref="IsPlainSpan"/>.</summary>
    public StateEvent[]? StateEvents
    {
        get => IsPlainSpan
            ? [new StateEvent(StateEventType.ContentDelta, OutputItemType.Message, 0, StateEvent.MessageIdentifier, Content)]
            : _stateEvents;
        init => _stateEvents = value;
    }

    /// <summary>Whether the only state event is that <see cref="Content"/> continues the message, which is the usual case.</summary>
    public bool IsPlainSpan => ReferenceEquals(_stateEvents, StateEvent.PlainSpan);

    /// <summary>Members that only final deltas, failures and artifacts have; null if all of them are null.</summary>
    public DeltaExtras? Extras { get; init; }
}
