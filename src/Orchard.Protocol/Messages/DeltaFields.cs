using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>The fields of one delta while its keys arrive in whatever order.</summary>
internal struct DeltaFields
{
    private const int LongestName = 21;

    private ulong? _requestId;
    private ulong? _sequenceId;
    private int? _promptIndex;
    private int? _candidateIndex;
    private string? _content;
    private bool _isFinal;
    private bool _isAcknowledgement;
    private string? _finishReason;
    private string? _errorMessage;
    private string? _error;
    private string? _errorCode;
    private string? _schemaPath;
    private string? _schemaKeyword;
    private string? _message;
    private int? _matchedStopTokenId;
    private string? _matchedStopToken;
    private int? _promptTokenCount;
    private int? _cachedTokenCount;
    private int? _tokensInDelta;
    private int? _generationLength;
    private int? _reasoningTokens;
    private int[]? _tokens;
    private TokenLogprob[]? _topLogprobs;
    private TokenScore[]? _logprobs;
    private SequenceTimes? _times;
    private double? _cumulativeLogprob;
    private StateEvent[]? _stateEvents;
    private ModalFields _modal;
    private byte[]? _embeddingBytes;

    /// <summary>Takes one field; the reader stands at its name.</summary>
    public void Read(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        Field field = Identify(ref reader);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        switch (field)
        {
            case Field.RequestId:
                _requestId = WireNumber.ReadUInt64(ref reader);
                break;
            case Field.SequenceId:
                _sequenceId = WireNumber.ReadUInt64(ref reader);
                break;
            case Field.PromptIndex:
                _promptIndex = WireNumber.ReadCount(ref reader);
                break;
            case Field.CandidateIndex:
                _candidateIndex = WireNumber.ReadCount(ref reader);
                break;
            case Field.Content:
                _content = JsonValue.ReadString(ref reader);
                break;
            case Field.IsFinal:
                _isFinal = JsonValue.ReadBoolean(ref reader);
                break;
            case Field.Orchard:
                ReadExtensions(ref reader);
                break;
            case Field.FinishReason:
                _finishReason = JsonValue.ReadString(ref reader);
                break;
            case Field.ErrorMessage:
                _errorMessage = JsonValue.ReadText(ref reader, json);
                break;
            case Field.Error:
                _error = JsonValue.ReadText(ref reader, json);
                break;
            case Field.ErrorCode:
                _errorCode = JsonValue.ReadString(ref reader);
                break;
            case Field.Message:
                _message = JsonValue.ReadText(ref reader, json);
                break;
            case Field.MatchedStopTokenId:
                _matchedStopTokenId = WireNumber.ReadInt32(ref reader);
                break;
            case Field.MatchedStopToken:
                _matchedStopToken = JsonValue.ReadString(ref reader);
                break;
            case Field.PromptTokenCount:
                _promptTokenCount = WireNumber.ReadCount(ref reader);
                break;
            case Field.CachedTokenCount:
                _cachedTokenCount = WireNumber.ReadCount(ref reader);
                break;
            case Field.TokensInDelta:
                _tokensInDelta = WireNumber.ReadCount(ref reader);
                break;
            case Field.GenerationLength:
                _generationLength = WireNumber.ReadCount(ref reader);
                break;
            case Field.ReasoningTokens:
                _reasoningTokens = WireNumber.ReadCount(ref reader);
                break;
            case Field.Tokens:
                _tokens = JsonValue.ReadTokens(ref reader);
                break;
            case Field.TopLogprobs:
                _topLogprobs = TokenLogprobReader.ReadAll(ref reader);
                break;
            case Field.CumulativeLogprob:
                _cumulativeLogprob = WireNumber.ReadDouble(ref reader);
                break;
            case Field.StateEvents:
                _stateEvents = StateEventReader.ReadAll(ref reader, json, _content);
                break;
            case Field.ModalDecoderId:
                _modal.DecoderId = JsonValue.ReadString(ref reader);
                break;
            case Field.ModalType:
                _modal.Type = JsonValue.ReadString(ref reader);
                break;
            case Field.ModalEvent:
                _modal.Event = JsonValue.ReadString(ref reader);
                break;
            case Field.ModalMimeType:
                _modal.MimeType = JsonValue.ReadString(ref reader);
                break;
            case Field.ModalMetadataJson:
                _modal.MetadataJson = JsonValue.ReadText(ref reader, json);
                break;
            case Field.ModalBytes:
                _modal.Bytes = JsonValue.ReadBytes(ref reader);
                break;
            case Field.EmbeddingBytes:
                _embeddingBytes = JsonValue.ReadBytes(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    public readonly ResponseDelta ToDelta() => new()
    {
        RequestId = _requestId ?? throw new JsonException("it has no request_id"),
        SequenceId = _sequenceId,
        PromptIndex = _promptIndex,
        CandidateIndex = _candidateIndex,
        Content = _content,
        IsFinal = _isFinal,
        IsAcknowledgement = _isAcknowledgement,
        FinishReason = _finishReason,
        ErrorMessage = FindErrorMessage(),
        ErrorCode = _errorCode,
        SchemaPath = _schemaPath,
        SchemaKeyword = _schemaKeyword,
        MatchedStopTokenId = _matchedStopTokenId,
        MatchedStopToken = _matchedStopToken,
        PromptTokenCount = _promptTokenCount,
        CachedTokenCount = _cachedTokenCount,
        TokensInDelta = _tokensInDelta,
        GenerationLength = _generationLength,
        ReasoningTokens = _reasoningTokens,
        Tokens = _tokens,
        TopLogprobs = _topLogprobs,
        Logprobs = _logprobs,
        Times = _times,
        CumulativeLogprob = _cumulativeLogprob,
        StateEvents = _stateEvents,
        ModalDecoderId = _modal.DecoderId,
        ModalType = _modal.Type,
        ModalEvent = _modal.Event,
        ModalMimeType = _modal.MimeType,
        ModalMetadataJson = _modal.MetadataJson,
        ModalBytes = _modal.Bytes,
        EmbeddingBytes = _embeddingBytes,
    };

    /// <summary>The first spelling that says something; content and message are spellings only where the finish reason says so.</summary>
    private readonly string? FindErrorMessage()
    {
        string? named = NonEmpty(_errorMessage) ?? NonEmpty(_error);
        bool failed = string.Equals(_finishReason, FinishReasons.Error, StringComparison.OrdinalIgnoreCase);
        return named ?? (failed ? NonEmpty(_content) ?? NonEmpty(_message) : null);
    }

    // Of what a later release of ours may put there, the rest is skipped.
    private void ReadExtensions(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isAcknowledged = reader.ValueTextEquals("acknowledged"u8);
            bool isLogprobs = reader.ValueTextEquals("logprobs"u8);
            bool isTimes = reader.ValueTextEquals("times"u8);
            bool isSchemaPath = reader.ValueTextEquals("schema_path"u8);
            bool isSchemaKeyword = reader.ValueTextEquals("schema_keyword"u8);
            reader.Read();
            if (isAcknowledged)
            {
                _isAcknowledgement = JsonValue.ReadBoolean(ref reader);
            }
            else if (isLogprobs && reader.TokenType != JsonTokenType.Null)
            {
                _logprobs = TokenScoreReader.ReadAll(ref reader);
            }
            else if (isTimes && reader.TokenType != JsonTokenType.Null)
            {
                _times = SequenceTimesReader.Read(ref reader);
            }
            else if (isSchemaPath)
            {
                _schemaPath = JsonValue.ReadString(ref reader);
            }
            else if (isSchemaKeyword)
            {
                _schemaKeyword = JsonValue.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Field Identify(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped || reader.HasValueSequence ? IdentifyCopy(ref reader) : Identify(reader.ValueSpan);

    private static Field IdentifyCopy(ref Utf8JsonReader reader)
    {
        // Room for our longest name with every character of it escaped.
        Span<byte> name = stackalloc byte[LongestName * 6];
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return length > name.Length ? Field.Unknown : Identify(name[..reader.CopyString(name)]);
    }

    // By length first: every delta has a dozen names.
    private static Field Identify(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 => name.SequenceEqual("error"u8) ? Field.Error : Field.Unknown,
        6 => name.SequenceEqual("tokens"u8) ? Field.Tokens : Field.Unknown,
        7 => name.SequenceEqual("content"u8) ? Field.Content
            : name.SequenceEqual("message"u8) ? Field.Message
            : name.SequenceEqual("orchard"u8) ? Field.Orchard
            : Field.Unknown,
        10 => name.SequenceEqual("request_id"u8) ? Field.RequestId
            : name.SequenceEqual("error_code"u8) ? Field.ErrorCode
            : name.SequenceEqual("modal_type"u8) ? Field.ModalType
            : Field.Unknown,
        11 => name.SequenceEqual("sequence_id"u8) ? Field.SequenceId
            : name.SequenceEqual("modal_event"u8) ? Field.ModalEvent
            : Field.Unknown,
        12 => name.SequenceEqual("prompt_index"u8) ? Field.PromptIndex
            : name.SequenceEqual("state_events"u8) ? Field.StateEvents
            : name.SequenceEqual("top_logprobs"u8) ? Field.TopLogprobs
            : Field.Unknown,
        13 => name.SequenceEqual("finish_reason"u8) ? Field.FinishReason
            : name.SequenceEqual("error_message"u8) ? Field.ErrorMessage
            : Field.Unknown,
        14 => name.SequenceEqual("is_final_delta"u8) ? Field.IsFinal
            : name.SequenceEqual("generation_len"u8) ? Field.GenerationLength
            : Field.Unknown,
        15 => name.SequenceEqual("candidate_index"u8) ? Field.CandidateIndex
            : name.SequenceEqual("modal_mime_type"u8) ? Field.ModalMimeType
            : name.SequenceEqual("modal_bytes_b64"u8) ? Field.ModalBytes
            : name.SequenceEqual("embedding_bytes"u8) ? Field.EmbeddingBytes
            : Field.Unknown,
        16 => name.SequenceEqual("reasoning_tokens"u8) ? Field.ReasoningTokens
            : name.SequenceEqual("modal_decoder_id"u8) ? Field.ModalDecoderId
            : Field.Unknown,
        18 => name.SequenceEqual("prompt_token_count"u8) ? Field.PromptTokenCount
            : name.SequenceEqual("cached_token_count"u8) ? Field.CachedTokenCount
            : name.SequenceEqual("cumulative_logprob"u8) ? Field.CumulativeLogprob
            : name.SequenceEqual("matched_stop_token"u8) ? Field.MatchedStopToken
            : Field.Unknown,
        19 => name.SequenceEqual("num_tokens_in_delta"u8) ? Field.TokensInDelta
            : name.SequenceEqual("modal_metadata_json"u8) ? Field.ModalMetadataJson
            : Field.Unknown,
        21 => name.SequenceEqual("matched_stop_token_id"u8) ? Field.MatchedStopTokenId : Field.Unknown,
        _ => Field.Unknown,
    };

    private enum Field : byte
    {
        Unknown,
        RequestId,
        SequenceId,
        PromptIndex,
        CandidateIndex,
        Content,
        IsFinal,
        FinishReason,
        ErrorMessage,
        Error,
        ErrorCode,
        Message,
        MatchedStopTokenId,
        MatchedStopToken,
        PromptTokenCount,
        CachedTokenCount,
        TokensInDelta,
        GenerationLength,
        ReasoningTokens,
        Tokens,
        TopLogprobs,
        CumulativeLogprob,
        StateEvents,
        ModalDecoderId,
        ModalType,
        ModalEvent,
        ModalMimeType,
        ModalMetadataJson,
        ModalBytes,
        EmbeddingBytes,
        Orchard,
    }

    private struct ModalFields
    {
        public string? DecoderId;
        public string? Type;
        public string? Event;
        public string? MimeType;
        public string? MetadataJson;
        public byte[]? Bytes;
    }
}
