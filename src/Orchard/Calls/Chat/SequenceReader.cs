using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>Turns the deltas of one sequence into what the caller sees: visible text, then a finish reason and the usage.</summary>
/// <param name="promptIndex">Which conversation of the request.</param>
/// <param name="candidateIndex">Which answer to it.</param>
/// <param name="stopSequences">The texts that end the answer. The wire keeps the one that matched; the caller does not want it.</param>
/// <param name="isCounted">Whether the engine counts tokens in every delta, so that one which is lost or comes twice shows.</param>
/// <param name="tools">Those that may be called; null for none.</param>
internal sealed class SequenceReader(int promptIndex, int candidateIndex, IReadOnlyList<string> stopSequences, bool isCounted = false, IReadOnlyList<Tool>? tools = null)
{
    private readonly MessageText _text = new();
    private readonly OutputItems _items = new(tools ?? []);
    private int _promptTokens;
    private int _cachedTokens;
    private int _generatedTokens;
    private int _reasoningTokens;

    /// <summary>The caller's delta; null when this one changes nothing the caller sees.</summary>
    /// <exception cref="ProtocolException">A part of the answer before this one was lost, or this one came twice.</exception>
    public ChatDelta? Read(ResponseDelta delta)
    {
        CheckCount(delta);
        _promptTokens = Math.Max(_promptTokens, delta.PromptTokenCount ?? 0);
        _cachedTokens = delta.CachedTokenCount ?? _cachedTokens;
        _generatedTokens = delta.GenerationLength ?? _generatedTokens + (delta.Tokens?.Length ?? 0);
        _reasoningTokens = delta.ReasoningTokens ?? _reasoningTokens;
        string text = _text.Append(delta);
        string reasoning = "";
        IReadOnlyList<ToolCallDelta> calls = delta.IsPlainSpan ? [] : _items.Read(delta.StateEvents, out reasoning);
        if (delta.IsFinal)
        {
            return new ChatDelta
            {
                Text = WithoutStopSequence(text),
                Reasoning = reasoning,
                ToolCalls = [.. calls, .. _items.CutShort()],
                FinishReason = ToFinishReason(delta.FinishReason) is var reason && reason == FinishReason.Stop && _items.HasCalls ? FinishReason.ToolCalls : reason,
                Usage = new Usage
                {
                    PromptTokens = _promptTokens,
                    CachedTokens = _cachedTokens,
                    CompletionTokens = _generatedTokens,
                    ReasoningTokens = Math.Min(_reasoningTokens, _generatedTokens),
                },
                PromptIndex = promptIndex,
                CandidateIndex = candidateIndex,
                Logprobs = LogprobMapping.From(delta.Extras?.Logprobs),
                CumulativeLogprob = delta.Extras?.CumulativeLogprob,
            };
        }

        return text.Length == 0 && reasoning.Length == 0 && calls.Count == 0 && delta.Extras?.Logprobs is null or []
            ? null
            : new ChatDelta
            {
                Text = text,
                Reasoning = reasoning,
                ToolCalls = calls,
                PromptIndex = promptIndex,
                CandidateIndex = candidateIndex,
                Logprobs = LogprobMapping.From(delta.Extras?.Logprobs),
            };
    }

    /// <summary>The end of a sequence that failed.</summary>
    public ChatDelta Fail(OrchardException error) => new()
    {
        Text = "",
        FinishReason = FinishReason.Error,
        Usage = new Usage { PromptTokens = _promptTokens, CachedTokens = _cachedTokens, CompletionTokens = _generatedTokens, ReasoningTokens = _reasoningTokens },
        PromptIndex = promptIndex,
        CandidateIndex = candidateIndex,
        Error = error,
    };

    // Shorter text than the model wrote must not pass for its answer.
    private void CheckCount(ResponseDelta delta)
    {
        if (isCounted && delta is { GenerationLength: { } count, TokensInDelta: { } tokens } && count - tokens != _generatedTokens)
        {
            throw new ProtocolException(
                $"A part of the answer was lost or came twice: {_generatedTokens} tokens of conversation {promptIndex} had arrived, and the next part says that {count - tokens} came before it. Please try again.");
        }
    }

    // The engine holds a stop string back until it is decided, so the one that matched is whole in the last delta. Of several that fit,
    // the longest is the one that began first.
    private string WithoutStopSequence(string text)
    {
        int longest = 0;
        foreach (string stop in stopSequences)
        {
            if (stop.Length > longest && text.EndsWith(stop, StringComparison.Ordinal))
            {
                longest = stop.Length;
            }
        }

        return text[..^longest];
    }

    private static FinishReason ToFinishReason(string? reason) => reason?.ToLowerInvariant() switch
    {
        "stop" => FinishReason.Stop,
        "length" or "max_tokens" or "max_output_tokens" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        "tool_calls" => FinishReason.ToolCalls,
        _ => FinishReason.Unknown,
    };
}
