namespace Orchard.Protocol.Messages;

/// <summary>One response message: a piece of one sequence's output, or its end. A field is null (or default) when the wire did not have it.</summary>
internal sealed record ResponseDelta
{
    // One delta is made per token, so what ordinary deltas lack must not take room in them.
    private readonly Seldom? _seldom;
    private readonly StateEvent[]? _stateEvents;
    private readonly OptionalCount _promptIndex;
    private readonly OptionalCount _candidateIndex;
    private readonly OptionalCount _promptTokenCount;
    private readonly OptionalCount _cachedTokenCount;
    private readonly OptionalCount _tokensInDelta;
    private readonly OptionalCount _generationLength;
    private readonly OptionalCount _reasoningTokens;

    public required ulong RequestId { get; init; }

    /// <summary>The engine's id of the sequence, one per (prompt, candidate).</summary>
    public ulong? SequenceId { get; init; }

    public int? PromptIndex { get => _promptIndex; init => _promptIndex = value; }

    public int? CandidateIndex { get => _candidateIndex; init => _candidateIndex = value; }

    public string? Content { get; init; }

    public bool IsFinal { get; init; }

    /// <summary>Ours: the engine has taken the request on. Such a delta says nothing else.</summary>
    public bool IsAcknowledgement { get; init; }

    /// <summary>As on the wire; <c>DELTA</c> on a delta that is not final.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Failure text, whichever of its spellings the sender used.</summary>
    public string? ErrorMessage
    {
        get => _seldom?.ErrorMessage;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ErrorMessage = value };
    }

    /// <summary>Ours: what kind of failure, one of <see cref="Messages.ErrorCode"/>. Siblings leave it out.</summary>
    public string? ErrorCode
    {
        get => _seldom?.ErrorCode;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ErrorCode = value };
    }

    /// <summary>Ours: where in a JSON Schema the failure is, as a JSON pointer.</summary>
    public string? SchemaPath
    {
        get => _seldom?.SchemaPath;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { SchemaPath = value };
    }

    /// <summary>Ours: the keyword of a JSON Schema that the failure is about.</summary>
    public string? SchemaKeyword
    {
        get => _seldom?.SchemaKeyword;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { SchemaKeyword = value };
    }

    public int? MatchedStopTokenId
    {
        get => _seldom?.MatchedStopTokenId;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { MatchedStopTokenId = value };
    }

    public string? MatchedStopToken
    {
        get => _seldom?.MatchedStopToken;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { MatchedStopToken = value };
    }

    public int? PromptTokenCount { get => _promptTokenCount; init => _promptTokenCount = value; }

    public int? CachedTokenCount { get => _cachedTokenCount; init => _cachedTokenCount = value; }

    public int? TokensInDelta { get => _tokensInDelta; init => _tokensInDelta = value; }

    /// <summary>Tokens generated so far in this sequence.</summary>
    public int? GenerationLength { get => _generationLength; init => _generationLength = value; }

    public int? ReasoningTokens { get => _reasoningTokens; init => _reasoningTokens = value; }

    public int[]? Tokens { get; init; }

    public TokenLogprob[]? TopLogprobs { get; init; }

    /// <summary>Ours: the log probability of every token of this delta, in their order. Only for who asked.</summary>
    public TokenScore[]? Logprobs
    {
        get => _seldom?.Logprobs;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { Logprobs = value };
    }

    /// <summary>Ours: how long what took. On final deltas, for who sent a trace context.</summary>
    public SequenceTimes? Times
    {
        get => _seldom?.Times;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { Times = value };
    }

    public double? CumulativeLogprob
    {
        get => _seldom?.CumulativeLogprob;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { CumulativeLogprob = value };
    }

    /// <summary>What happened to the output items. Made on demand when <see cref="IsPlainSpan"/>.</summary>
    public StateEvent[]? StateEvents
    {
        get => IsPlainSpan ? [new StateEvent(StateEventType.ContentDelta, OutputItemType.Message, 0, StateEvent.MessageIdentifier, Content)] : _stateEvents;
        init => _stateEvents = value;
    }

    /// <summary>Whether its one state event says that the content is the next piece of the message, as ordinary deltas do.</summary>
    public bool IsPlainSpan => ReferenceEquals(_stateEvents, StateEvent.PlainSpan);

    public string? ModalDecoderId
    {
        get => _seldom?.ModalDecoderId;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalDecoderId = value };
    }

    public string? ModalType
    {
        get => _seldom?.ModalType;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalType = value };
    }

    public string? ModalEvent
    {
        get => _seldom?.ModalEvent;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalEvent = value };
    }

    public string? ModalMimeType
    {
        get => _seldom?.ModalMimeType;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalMimeType = value };
    }

    public string? ModalMetadataJson
    {
        get => _seldom?.ModalMetadataJson;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalMetadataJson = value };
    }

    public byte[]? ModalBytes
    {
        get => _seldom?.ModalBytes;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { ModalBytes = value };
    }

    public byte[]? EmbeddingBytes
    {
        get => _seldom?.EmbeddingBytes;
        init => _seldom = value is null && _seldom is null ? null : (_seldom ?? new Seldom()) with { EmbeddingBytes = value };
    }

    /// <summary>What only final deltas, failures and artifacts carry.</summary>
    private sealed record Seldom
    {
        public string? ErrorMessage { get; init; }

        public string? ErrorCode { get; init; }

        public string? SchemaPath { get; init; }

        public string? SchemaKeyword { get; init; }

        public int? MatchedStopTokenId { get; init; }

        public string? MatchedStopToken { get; init; }

        public double? CumulativeLogprob { get; init; }

        public TokenScore[]? Logprobs { get; init; }

        public SequenceTimes? Times { get; init; }

        public string? ModalDecoderId { get; init; }

        public string? ModalType { get; init; }

        public string? ModalEvent { get; init; }

        public string? ModalMimeType { get; init; }

        public string? ModalMetadataJson { get; init; }

        public byte[]? ModalBytes { get; init; }

        public byte[]? EmbeddingBytes { get; init; }
    }
}
