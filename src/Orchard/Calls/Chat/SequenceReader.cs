using Orchard.Formatting;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>Converts the deltas of one sequence to those of the API: text, then a finish reason and the usage.</summary>
/// <param name="promptIndex">Index of the conversation in the request.</param>
/// <param name="candidateIndex">Index of the candidate of that conversation.</param>
/// <param name="stopSequences">Stop sequences to remove from the end of the text; the wire includes the one that matched.</param>
/// <param name="isCounted">Whether the engine counts tokens in every delta, which reveals a lost or repeated delta.</param>
/// <param name="tools">The tools that may be called; null for none.</param>
internal sealed class SequenceReader(
    int promptIndex,
    int candidateIndex,
    IReadOnlyList<string> stopSequences,
    bool isCounted = false,
    IReadOnlyList<Tool>? tools = null)
{
    private readonly MessageText _text = new();
    private readonly OutputItems _items = new(tools ?? []);
    private int _promptTokens;
    private int _cachedTokens;
    private int _generatedTokens;
    private int _reasoningTokens;

    /// <summary>Reports the progress of the prefill; null if nobody listens.</summary>
    public PrefillReports? Prefill { get; init; }

    /// <summary>Names of the options that the model cannot follow.</summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];

    /// <summary>Where the images and sound of the prompt come from, in the order in which the engine counts them.</summary>
    public IReadOnlyList<MediaPlace> Media { get; init; } = [];

    /// <summary>Returns an error with the part of the conversation that it is about.</summary>
    public OrchardException Locate(OrchardException error, int? mediaIndex) =>
        error is InvalidMediaException && mediaIndex is >= 0 and int index && index < Media.Count
            ? new InvalidMediaException(
                $"Part {Media[index].PartIndex} of message {Media[index].MessageIndex} cannot be used. {error.Message}",
                Media[index].MessageIndex,
                Media[index].PartIndex)
            : error;

    /// <summary>Returns the API's delta; null when this delta contains nothing for the caller.</summary>
    /// <exception cref="ProtocolException">A delta before this one was lost, or this one is repeated.</exception>
    public ChatDelta? Read(ResponseDelta delta)
    {
        if (delta.Extras?.PrefilledTokens is not null)
        {
            Prefill?.Report(delta, promptIndex);
            return null;
        }

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
                FinishReason = ToFinishReason(delta.FinishReason) is var reason && reason == FinishReason.Stop && _items.HasCalls
                    ? FinishReason.ToolCalls
                    : reason,
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
                IgnoredOptions = IgnoredOptions,
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

    /// <summary>Returns the final delta of a sequence that failed.</summary>
    public ChatDelta Fail(OrchardException error) => new()
    {
        Text = "",
        FinishReason = FinishReason.Error,
        Usage = new Usage
        {
            PromptTokens = _promptTokens,
            CachedTokens = _cachedTokens,
            CompletionTokens = _generatedTokens,
            ReasoningTokens = _reasoningTokens,
        },
        PromptIndex = promptIndex,
        CandidateIndex = candidateIndex,
        Error = error,
    };

    // An answer with lost text must not pass as complete.
    private void CheckCount(ResponseDelta delta)
    {
        if (isCounted && delta is { GenerationLength: { } count, TokensInDelta: { } tokens } && count - tokens != _generatedTokens)
        {
            throw new ProtocolException(
                $"A part of the answer was lost or repeated: {_generatedTokens} tokens of conversation {promptIndex} had arrived, "
                + $"and the next part says that {count - tokens} came before it. Try again.");
        }
    }

    // The engine holds back a possible stop sequence until it is decided, so the last delta contains the complete match. If several
    // match, the longest is the one that began first.
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
