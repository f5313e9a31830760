using System.Runtime.InteropServices;
using System.Text.Json;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>Compares one expected field of a delta vector.</summary>
internal static class DeltaExpectation
{
    public static void Check(ResponseDelta delta, JsonProperty expected)
    {
        JsonElement value = expected.Value;
        switch (expected.Name)
        {
            case "request_id":
                Assert.Equal(value.GetUInt64(), delta.RequestId);
                break;
            case "sequence_id":
                Assert.Equal(value.GetUInt64(), delta.SequenceId);
                break;
            case "prompt_index":
                Assert.Equal(Int(value), delta.PromptIndex);
                break;
            case "candidate_index":
                Assert.Equal(Int(value), delta.CandidateIndex);
                break;
            case "content":
                Assert.Equal(value.GetString(), delta.Content);
                break;
            case "is_final":
                Assert.Equal(value.GetBoolean(), delta.IsFinal);
                break;
            case "finish_reason_raw":
                Assert.Equal(value.GetString(), delta.FinishReason);
                break;
            case "finish_reason":
                Assert.Equal(value.GetString(), delta.FinishReason is null or "DELTA" ? null : delta.FinishReason, ignoreCase: true);
                break;
            case "incomplete_reason":
                Assert.Equal("length", delta.FinishReason, ignoreCase: true);
                break;
            case "error":
                Assert.Equal(value.GetString(), delta.Extras?.ErrorMessage);
                break;
            case "terminates_request":
                Assert.Equal(value.GetBoolean(), delta.IsFinal && delta.Extras?.ErrorMessage is not null);
                break;
            case "matched_stop_token_id":
                Assert.Equal(Int(value), delta.Extras?.MatchedStopTokenId);
                break;
            case "matched_stop_token":
                Assert.Equal(value.GetString(), delta.Extras?.MatchedStopToken);
                break;
            case "generation_len":
                Assert.Equal(Int(value), delta.GenerationLength);
                break;
            case "prompt_token_count":
                Assert.Equal(Int(value), delta.PromptTokenCount);
                break;
            case "cached_token_count":
                Assert.Equal(Int(value), delta.CachedTokenCount);
                break;
            case "reasoning_tokens":
                Assert.Equal(Int(value), delta.ReasoningTokens);
                break;
            case "cumulative_logprob":
                Assert.Equal(value.GetDouble(), delta.Extras?.CumulativeLogprob);
                break;
            case "average_logprob":
                Assert.Equal(value.GetDouble(), delta.Extras?.CumulativeLogprob / delta.GenerationLength);
                break;
            case "tokens":
                Assert.Equal(value.EnumerateArray().Select(t => t.GetInt32()), delta.Tokens ?? []);
                break;
            case "top_logprobs":
                Assert.Equal(
                    value.EnumerateArray().Select(t => new TokenLogprob(t.GetProperty("token").GetString()!, t.GetProperty("logprob").GetDouble())),
                    delta.TopLogprobs!);
                break;
            case "state_event_count":
                Assert.Equal(value.GetInt32(), delta.StateEvents!.Length);
                break;
            case "message_text":
                // The client assembles the text; its MessageTextVectorTests check this field.
                break;
            case "reasoning_text":
                Assert.Equal(value.GetString(), string.Concat(
                    delta.StateEvents!.Where(e => e is { ItemType: OutputItemType.Reasoning, Type: StateEventType.ContentDelta }).Select(e => e.Delta)));
                break;
            case "completed_reasoning":
                Assert.Equal(value.GetString(), Completed(delta, OutputItemType.Reasoning).Value);
                break;
            case "completed_message":
                Assert.Equal(value.GetString(), Completed(delta, OutputItemType.Message).Value);
                break;
            case "tool_calls":
                CheckToolCall(delta, value[0]);
                break;
            case "modal":
                CheckModal(delta, value);
                break;
            case "embedding":
                Assert.Equal(value.EnumerateArray().Select(f => f.GetSingle()), Floats(delta.Extras!.EmbeddingBytes!));
                break;
            case "usage":
                CheckUsage(delta, value);
                break;
            default:
                Assert.Fail($"The vectors expect {expected.Name}, which this test does not know.");
                break;
        }
    }

    private static void CheckToolCall(ResponseDelta delta, JsonElement expected)
    {
        StateEvent completed = Completed(delta, OutputItemType.ToolCall);
        Assert.Equal(expected.GetProperty("output_index").GetInt32(), completed.OutputIndex);
        Assert.Equal("tool_call:" + expected.GetProperty("name").GetString(), completed.Identifier);
        using JsonDocument value = JsonDocument.Parse(completed.Value!);
        Assert.True(JsonElement.DeepEquals(expected.GetProperty("arguments"), value.RootElement.GetProperty("arguments")));
    }

    private static void CheckModal(ResponseDelta delta, JsonElement expected)
    {
        foreach (JsonProperty field in expected.EnumerateObject())
        {
            switch (field.Name)
            {
                case "decoder_id":
                    Assert.Equal(field.Value.GetString(), delta.Extras?.ModalDecoderId);
                    break;
                case "type":
                    Assert.Equal(field.Value.GetString(), delta.Extras?.ModalType);
                    break;
                case "event":
                    Assert.Equal(field.Value.GetString(), delta.Extras?.ModalEvent);
                    break;
                case "mime_type":
                    Assert.Equal(field.Value.GetString(), delta.Extras?.ModalMimeType);
                    break;
                case "metadata":
                    using (JsonDocument metadata = JsonDocument.Parse(delta.Extras!.ModalMetadataJson!))
                    {
                        Assert.True(JsonElement.DeepEquals(field.Value, metadata.RootElement));
                    }

                    break;
                case "bytes_hex":
                    Assert.Equal(field.Value.GetString(), Convert.ToHexString(delta.Extras!.ModalBytes!), ignoreCase: true);
                    break;
                case "float32":
                    Assert.Equal(field.Value.EnumerateArray().Select(f => f.GetSingle()), Floats(delta.Extras!.ModalBytes!));
                    break;
                default:
                    Assert.Fail($"The vectors expect modal.{field.Name}, which this test does not know.");
                    break;
            }
        }
    }

    private static void CheckUsage(ResponseDelta delta, JsonElement expected)
    {
        int reasoning = delta.ReasoningTokens ?? 0;
        int completion = delta.GenerationLength!.Value - reasoning;
        Assert.Equal(expected.GetProperty("prompt_tokens").GetInt32(), delta.PromptTokenCount);
        Assert.Equal(expected.GetProperty("reasoning_tokens").GetInt32(), reasoning);
        Assert.Equal(expected.GetProperty("completion_tokens").GetInt32(), completion);
        Assert.Equal(expected.GetProperty("total_tokens").GetInt32(), delta.PromptTokenCount + completion);
    }

    private static StateEvent Completed(ResponseDelta delta, OutputItemType type) =>
        delta.StateEvents!.Single(e => e.ItemType == type && e.Type == StateEventType.ItemCompleted);

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static int? Int(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt32();
}
