using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>
/// Encodes deltas, including their topic, in a form that even the strictest PIE-compatible client accepts: no nulls, one name for each
/// member, and the text of a failure in <c>content</c> too if content is otherwise unset.
/// </summary>
internal static class ResponseDeltaWriter
{
    /// <summary>Written instead of a log probability of minus infinity, which JSON cannot express.</summary>
    public const double ImpossibleLogprob = -9999.0;

    private static readonly DeltaExtras NoExtras = new();

    public static void Write(ulong responseChannelId, ResponseDelta delta, IBufferWriter<byte> writer)
    {
        DeltaExtras extras = delta.Extras ?? NoExtras;
        Topic.WriteForResponses(responseChannelId, writer);
        using ReusableJsonWriter.Lease lease = ReusableJsonWriter.Rent(writer);
        Utf8JsonWriter json = lease.Json;
        json.WriteStartObject();
        WriteIdentity(json, delta);
        WriteText(json, "content"u8, delta.Content ?? extras.ErrorMessage);
        json.WriteBoolean("is_final_delta"u8, delta.IsFinal);
        WriteText(json, "finish_reason"u8, delta.FinishReason);
        WriteText(json, "error_message"u8, extras.ErrorMessage);
        WriteText(json, "error_code"u8, extras.ErrorCode);
        WriteNumber(json, "matched_stop_token_id"u8, extras.MatchedStopTokenId);
        WriteText(json, "matched_stop_token"u8, extras.MatchedStopToken);
        WriteCounts(json, delta);
        if (extras.CumulativeLogprob is { } sum && double.IsFinite(sum))
        {
            json.WriteNumber("cumulative_logprob"u8, sum);
        }

        WriteTokens(json, delta);
        WriteStateEvents(json, delta);
        WriteArtifacts(json, extras);
        WriteExtensions(json, delta, extras);
        json.WriteEndObject();
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
        WriteNumber(json, "prompt_token_count"u8, delta.PromptTokenCount);
        WriteNumber(json, "cached_token_count"u8, delta.CachedTokenCount);
        WriteNumber(json, "num_tokens_in_delta"u8, delta.TokensInDelta);
        WriteNumber(json, "generation_len"u8, delta.GenerationLength);
        WriteNumber(json, "reasoning_tokens"u8, delta.ReasoningTokens);
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
                WriteTopLogprob(json, logprob);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTopLogprob(Utf8JsonWriter json, TokenLogprob logprob)
    {
        json.WriteStartObject();
        json.WriteString("token"u8, logprob.Token);
        WriteLogprob(json, "probability"u8, logprob.Logprob);
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

    private static void WriteStateEvents(Utf8JsonWriter json, ResponseDelta delta)
    {
        // The usual event is written without creating it.
        bool isPlain = delta.IsPlainSpan;
        StateEvent[]? events = isPlain ? StateEvent.PlainSpan : delta.StateEvents;
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
            WriteText(json, "delta"u8, isPlain ? delta.Content : e.Delta);
            WriteText(json, "value"u8, e.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteArtifacts(Utf8JsonWriter json, DeltaExtras extras)
    {
        WriteText(json, "modal_decoder_id"u8, extras.ModalDecoderId);
        WriteText(json, "modal_type"u8, extras.ModalType);
        WriteText(json, "modal_event"u8, extras.ModalEvent);
        WriteText(json, "modal_mime_type"u8, extras.ModalMimeType);
        WriteText(json, "modal_metadata_json"u8, extras.ModalMetadataJson);
        WriteBase64(json, "modal_bytes_b64"u8, extras.ModalBytes);
        WriteBase64(json, "embedding_bytes"u8, extras.EmbeddingBytes);
    }

    private static void WriteExtensions(Utf8JsonWriter json, ResponseDelta delta, DeltaExtras extras)
    {
        if (!delta.IsAcknowledgement
            && extras is { Logprobs: null, Times: null, PrefilledTokens: null, SchemaPath: null, SchemaKeyword: null, MediaIndex: null })
        {
            return;
        }

        json.WriteStartObject("orchard"u8);
        if (delta.IsAcknowledgement)
        {
            json.WriteBoolean("acknowledged"u8, true);
        }

        WriteNumber(json, "prefilled_tokens"u8, extras.PrefilledTokens);
        if (extras.Logprobs is { } logprobs)
        {
            WriteScores(json, "logprobs"u8, logprobs);
        }

        if (extras.Times is { } times)
        {
            WriteTimes(json, times);
        }

        WriteText(json, "schema_path"u8, extras.SchemaPath);
        WriteText(json, "schema_keyword"u8, extras.SchemaKeyword);
        WriteNumber(json, "media_index"u8, extras.MediaIndex);
        json.WriteEndObject();
    }

    private static void WriteScores(Utf8JsonWriter json, ReadOnlySpan<byte> name, TokenScore[] scores)
    {
        json.WriteStartArray(name);
        foreach (TokenScore score in scores)
        {
            json.WriteStartObject();
            json.WriteNumber("token"u8, score.Token);
            WriteLogprob(json, "logprob"u8, score.Logprob);
            json.WriteBase64String("bytes"u8, score.Bytes);
            if (score.Top.Length > 0)
            {
                WriteScores(json, "top"u8, score.Top);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
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

    private static void WriteLogprob(Utf8JsonWriter json, ReadOnlySpan<byte> name, double logprob) =>
        json.WriteNumber(name, double.IsFinite(logprob) ? logprob : ImpossibleLogprob);

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
