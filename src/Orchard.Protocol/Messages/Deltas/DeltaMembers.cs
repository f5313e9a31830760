using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>The tables of a delta's JSON members.</summary>
internal static class DeltaMembers
{
    /// <summary>Members of the <c>orchard</c> object.</summary>
    private static readonly JsonObjectReader<DeltaFields> Extensions = new(
        ("acknowledged", static (ref reader, ref delta, in _) => delta.IsAcknowledgement = JsonValue.ReadBoolean(ref reader)),
        ("prefilled_tokens", static (ref reader, ref delta, in _) => delta.Extras.PrefilledTokens = WireNumber.ReadCount(ref reader)),
        ("logprobs", static (ref reader, ref delta, in json) => delta.Extras.Logprobs = LogprobReader.ReadScores(ref reader, json)),
        ("times", static (ref reader, ref delta, in json) => delta.Extras.Times = SequenceTimesReader.Read(ref reader, json)),
        ("schema_path", static (ref reader, ref delta, in _) => delta.Extras.SchemaPath = JsonValue.ReadString(ref reader)),
        ("schema_keyword", static (ref reader, ref delta, in _) => delta.Extras.SchemaKeyword = JsonValue.ReadString(ref reader)),
        ("media_index", static (ref reader, ref delta, in _) => delta.Extras.MediaIndex = WireNumber.ReadCount(ref reader)));

    /// <summary>Members of a delta.</summary>
    public static JsonObjectReader<DeltaFields> All { get; } = new(
        ("request_id", static (ref reader, ref delta, in _) => delta.RequestId = WireNumber.ReadUInt64(ref reader)),
        ("sequence_id", static (ref reader, ref delta, in _) => delta.SequenceId = WireNumber.ReadUInt64(ref reader)),
        ("prompt_index", static (ref reader, ref delta, in _) => delta.PromptIndex = WireNumber.ReadCount(ref reader)),
        ("candidate_index", static (ref reader, ref delta, in _) => delta.CandidateIndex = WireNumber.ReadCount(ref reader)),
        ("content", static (ref reader, ref delta, in _) => delta.Content = JsonValue.ReadString(ref reader)),
        ("is_final_delta", static (ref reader, ref delta, in _) => delta.IsFinal = JsonValue.ReadBoolean(ref reader)),
        ("finish_reason", static (ref reader, ref delta, in _) => delta.FinishReason = JsonValue.ReadString(ref reader)),
        ("prompt_token_count", static (ref reader, ref delta, in _) => delta.PromptTokenCount = WireNumber.ReadCount(ref reader)),
        ("cached_token_count", static (ref reader, ref delta, in _) => delta.CachedTokenCount = WireNumber.ReadCount(ref reader)),
        ("num_tokens_in_delta", static (ref reader, ref delta, in _) => delta.TokensInDelta = WireNumber.ReadCount(ref reader)),
        ("generation_len", static (ref reader, ref delta, in _) => delta.GenerationLength = WireNumber.ReadCount(ref reader)),
        ("reasoning_tokens", static (ref reader, ref delta, in _) => delta.ReasoningTokens = WireNumber.ReadCount(ref reader)),
        ("tokens", static (ref reader, ref delta, in _) => delta.Tokens = JsonValue.ReadTokens(ref reader)),
        ("state_events", static (ref reader, ref delta, in json) =>
            delta.StateEvents = StateEventReader.ReadAll(ref reader, json, delta.Content)),
        ("top_logprobs", static (ref reader, ref delta, in json) => delta.TopLogprobs = LogprobReader.ReadTopLogprobs(ref reader, json)),
        ("orchard", ReadExtensions),
        ("error_message", static (ref reader, ref delta, in json) => delta.Extras.ErrorMessage = JsonValue.ReadText(ref reader, json)),
        ("error", static (ref reader, ref delta, in json) => delta.Error = JsonValue.ReadText(ref reader, json)),
        ("message", static (ref reader, ref delta, in json) => delta.Message = JsonValue.ReadText(ref reader, json)),
        ("error_code", static (ref reader, ref delta, in _) => delta.Extras.ErrorCode = JsonValue.ReadString(ref reader)),
        ("matched_stop_token_id", static (ref reader, ref delta, in _) =>
            delta.Extras.MatchedStopTokenId = WireNumber.ReadInt32(ref reader)),
        ("matched_stop_token", static (ref reader, ref delta, in _) => delta.Extras.MatchedStopToken = JsonValue.ReadString(ref reader)),
        ("cumulative_logprob", static (ref reader, ref delta, in _) => delta.Extras.CumulativeLogprob = WireNumber.ReadDouble(ref reader)),
        ("modal_decoder_id", static (ref reader, ref delta, in _) => delta.Extras.ModalDecoderId = JsonValue.ReadString(ref reader)),
        ("modal_type", static (ref reader, ref delta, in _) => delta.Extras.ModalType = JsonValue.ReadString(ref reader)),
        ("modal_event", static (ref reader, ref delta, in _) => delta.Extras.ModalEvent = JsonValue.ReadString(ref reader)),
        ("modal_mime_type", static (ref reader, ref delta, in _) => delta.Extras.ModalMimeType = JsonValue.ReadString(ref reader)),
        ("modal_metadata_json", static (ref reader, ref delta, in json) =>
            delta.Extras.ModalMetadataJson = JsonValue.ReadText(ref reader, json)),
        ("modal_bytes_b64", static (ref reader, ref delta, in _) => delta.Extras.ModalBytes = JsonValue.ReadBytes(ref reader)),
        ("embedding_bytes", static (ref reader, ref delta, in _) => delta.Extras.EmbeddingBytes = JsonValue.ReadBytes(ref reader)));

    // A member of the same name that is not an object is not our extension.
    private static void ReadExtensions(ref Utf8JsonReader reader, ref DeltaFields delta, in ReadOnlySequence<byte> json)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            Extensions.Read(ref reader, ref delta, json);
        }
        else
        {
            reader.Skip();
        }
    }
}
