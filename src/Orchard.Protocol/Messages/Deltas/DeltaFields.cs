using System.Text.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>The members of one delta while they are being read.</summary>
internal struct DeltaFields
{
    public ulong? RequestId;
    public ulong? SequenceId;
    public OptionalCount PromptIndex;
    public OptionalCount CandidateIndex;
    public string? Content;
    public bool IsFinal;
    public bool IsAcknowledgement;
    public string? FinishReason;
    public OptionalCount PromptTokenCount;
    public OptionalCount CachedTokenCount;
    public OptionalCount TokensInDelta;
    public OptionalCount GenerationLength;
    public OptionalCount ReasoningTokens;
    public int[]? Tokens;
    public TokenLogprob[]? TopLogprobs;
    public StateEvent[]? StateEvents;

    /// <summary>Other names under which PIE-compatible engines send the text of a failure.</summary>
    public string? Error;
    public string? Message;

    private DeltaExtras? _extras;

    public DeltaExtras Extras => _extras ??= new DeltaExtras();

    /// <exception cref="JsonException">There is no request id.</exception>
    public ResponseDelta ToDelta()
    {
        if (FindErrorMessage() is { } error)
        {
            Extras.ErrorMessage = error;
        }

        return new ResponseDelta
        {
            RequestId = RequestId ?? throw new JsonException("it has no request_id"),
            SequenceId = SequenceId,
            PromptIndex = PromptIndex,
            CandidateIndex = CandidateIndex,
            Content = Content,
            IsFinal = IsFinal,
            IsAcknowledgement = IsAcknowledgement,
            FinishReason = FinishReason,
            PromptTokenCount = PromptTokenCount,
            CachedTokenCount = CachedTokenCount,
            TokensInDelta = TokensInDelta,
            GenerationLength = GenerationLength,
            ReasoningTokens = ReasoningTokens,
            Tokens = Tokens,
            TopLogprobs = TopLogprobs,
            StateEvents = StateEvents,
            Extras = _extras,
        };
    }

    // The first name with a text wins. Content and message count as names only if the finish reason is an error.
    private readonly string? FindErrorMessage()
    {
        string? named = NonEmpty(_extras?.ErrorMessage) ?? NonEmpty(Error);
        bool failed = string.Equals(FinishReason, FinishReasons.Error, StringComparison.OrdinalIgnoreCase);
        return named ?? (failed ? NonEmpty(Content) ?? NonEmpty(Message) : null);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
