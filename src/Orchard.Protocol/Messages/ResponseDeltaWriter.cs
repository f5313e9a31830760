using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>
/// Encodes deltas, topic included, so that the strictest reader of the family takes them: no null, one spelling of each field, and a
/// failure's text in <c>content</c> as well where content says nothing else.
/// </summary>
internal static class ResponseDeltaWriter
{
    /// <summary>What stands for a log probability that JSON cannot write: certainly not this token.</summary>
    public const double ImpossibleLogprob = -9999.0;

    public static void Write(ulong responseChannelId, ResponseDelta delta, IBufferWriter<byte> writer)
    {
        Topic.WriteForResponses(responseChannelId, writer);
        using ReusableJsonWriter.Lease lease = ReusableJsonWriter.Rent(writer);
        Utf8JsonWriter json = lease.Json;
        json.WriteStartObject();
        WriteIdentity(json, delta);
        WriteText(json, "content"u8, delta.Content ?? delta.ErrorMessage);
        json.WriteBoolean("is_final_delta"u8, delta.IsFinal);
        WriteText(json, "finish_reason"u8, delta.FinishReason);
        WriteText(json, "error_message"u8, delta.ErrorMessage);
        WriteText(json, "error_code"u8, delta.ErrorCode);
        WriteCounts(json, delta);
        WriteTokens(json, delta);
        WriteStateEvents(json, delta.StateEvents);
        WriteArtifacts(json, delta);
        WriteExtensions(json, delta);
        json.WriteEndObject();
    }

    private static void WriteExtensions(Utf8JsonWriter json, ResponseDelta delta)
    {
        if (delta is { IsAcknowledgement: false, Logprobs: null, Times: null, SchemaPath: null, SchemaKeyword: null })
        {
            return;
        }

        json.WriteStartObject("orchard"u8);
        if (delta.IsAcknowledgement)
        {
            json.WriteBoolean("acknowledged"u8, true);
        }

        if (delta.Logprobs is { } logprobs)
        {
            WriteScores(json, "logprobs"u8, logprobs);
        }

        if (delta.Times is { } times)
        {
            WriteTimes(json, times);
        }

        WriteText(json, "schema_path"u8, delta.SchemaPath);
        WriteText(json, "schema_keyword"u8, delta.SchemaKeyword);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, SequenceTimes times)
    {
        json.WriteStartObject("times"u8);
        json.WriteString("traceparent"u8, times.TraceParent);
        json.WriteNumber("arrived_us"u8, times.ArrivedAt);
        json.WriteNumber("queue_us"u8, times.Queue);
        json.WriteNumber("prefill_us"u8, times.Prefill);
        json.WriteNumber("decode_us"u8, times.Decode);
        json.WriteEndObject();
    }

    private static void WriteScores(Utf8JsonWriter json, ReadOnlySpan<byte> name, TokenScore[] scores)
    {
        json.WriteStartArray(name);
        foreach (TokenScore score in scores)
        {
            json.WriteStartObject();
            json.WriteNumber("token"u8, score.Token);
            json.WriteNumber("logprob"u8, double.IsFinite(score.Logprob) ? score.Logprob : ImpossibleLogprob);
            json.WriteBase64String("bytes"u8, score.Bytes);
            if (score.Top.Length > 0)
            {
                WriteScores(json, "top"u8, score.Top);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIdentity(Utf8JsonWriter json, ResponseDelta delta)
    {
        json.WriteNumber("request_id"u8, delta.RequestId);
        if (delta.SequenceId is { } sequenceId)
        {
            json.WriteNumber("sequence_id"u8, sequenceId);
        }

        WriteNumber(json, "prompt_index"u8, delta.PromptIndex);
        WriteNumber(json, "candidate_index"u8, delta.CandidateIndex);
    }

    private static void WriteCounts(Utf8JsonWriter json, ResponseDelta delta)
    {
        WriteNumber(json, "matched_stop_token_id"u8, delta.MatchedStopTokenId);
        WriteText(json, "matched_stop_token"u8, delta.MatchedStopToken);
        WriteNumber(json, "prompt_token_count"u8, delta.PromptTokenCount);
        WriteNumber(json, "cached_token_count"u8, delta.CachedTokenCount);
        WriteNumber(json, "num_tokens_in_delta"u8, delta.TokensInDelta);
        WriteNumber(json, "generation_len"u8, delta.GenerationLength);
        WriteNumber(json, "reasoning_tokens"u8, delta.ReasoningTokens);
        if (delta.CumulativeLogprob is { } sum && double.IsFinite(sum))
        {
            json.WriteNumber("cumulative_logprob"u8, sum);
        }
    }

    private static void WriteTokens(Utf8JsonWriter json, ResponseDelta delta)
    {
        if (delta.Tokens is { } tokens)
        {
            json.WriteStartArray("tokens"u8);
            foreach (int token in tokens)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
        }

        if (delta.TopLogprobs is { } logprobs)
        {
            json.WriteStartArray("top_logprobs"u8);
            foreach (TokenLogprob logprob in logprobs)
            {
                WriteLogprob(json, logprob);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteLogprob(Utf8JsonWriter json, TokenLogprob logprob)
    {
        json.WriteStartObject();
        json.WriteString("token"u8, logprob.Token);
        json.WriteNumber("probability"u8, double.IsFinite(logprob.Logprob) ? logprob.Logprob : ImpossibleLogprob);
        if (logprob.Bytes is { } bytes)
        {
            json.WriteStartArray("bytes"u8);
            foreach (byte b in bytes)
            {
                json.WriteNumberValue(b);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteStateEvents(Utf8JsonWriter json, StateEvent[]? events)
    {
        if (events is null)
        {
            return;
        }

        json.WriteStartArray("state_events"u8);
        foreach (StateEvent e in events)
        {
            json.WriteStartObject();
            json.WriteString("event_type"u8, StateEventNames.Of(e.Type));
            json.WriteString("item_type"u8, StateEventNames.Of(e.ItemType));
            json.WriteNumber("output_index"u8, e.OutputIndex);
            json.WriteString("identifier"u8, e.Identifier);
            WriteText(json, "delta"u8, e.Delta);
            WriteText(json, "value"u8, e.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteArtifacts(Utf8JsonWriter json, ResponseDelta delta)
    {
        WriteText(json, "modal_decoder_id"u8, delta.ModalDecoderId);
        WriteText(json, "modal_type"u8, delta.ModalType);
        WriteText(json, "modal_event"u8, delta.ModalEvent);
        WriteText(json, "modal_mime_type"u8, delta.ModalMimeType);
        WriteText(json, "modal_metadata_json"u8, delta.ModalMetadataJson);
        WriteBase64(json, "modal_bytes_b64"u8, delta.ModalBytes);
        WriteBase64(json, "embedding_bytes"u8, delta.EmbeddingBytes);
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteBase64(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[]? bytes)
    {
        if (bytes is not null)
        {
            json.WriteBase64String(name, bytes);
        }
    }
}
