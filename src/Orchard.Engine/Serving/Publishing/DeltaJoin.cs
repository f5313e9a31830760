using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>Joins two consecutive deltas of one sequence. Pure.</summary>
internal static class DeltaJoin
{
    /// <summary>Returns one delta with the output of both; null if there are values that one delta cannot have twice.</summary>
    public static ResponseDelta? TryJoin(ResponseDelta first, ResponseDelta second)
    {
        if (first.IsFinal || first.IsAcknowledgement || first.Extras is not null || first.TopLogprobs is not null
            || second.TopLogprobs is not null || second.Extras?.ErrorMessage is not null)
        {
            return null;
        }

        ResponseDelta joined = second with
        {
            Content = first.Content + second.Content,
            TokensInDelta = (first.TokensInDelta ?? 0) + (second.TokensInDelta ?? 0),
            Tokens = [.. first.Tokens ?? [], .. second.Tokens ?? []],
            PromptTokenCount = second.PromptTokenCount ?? first.PromptTokenCount,
            CachedTokenCount = second.CachedTokenCount ?? first.CachedTokenCount,
            GenerationLength = second.GenerationLength ?? first.GenerationLength,
            ReasoningTokens = second.ReasoningTokens ?? first.ReasoningTokens,
        };
        return first.IsPlainSpan && second.IsPlainSpan ? joined : joined with { StateEvents = Join(first.StateEvents, second.StateEvents) };
    }

    // A text that continues in the second delta becomes one event.
    private static StateEvent[]? Join(StateEvent[]? first, StateEvent[]? second)
    {
        if (first is not [.., var last] || second is not [var next, .. var rest])
        {
            return first is null or [] ? second : first;
        }

        return last.Type == StateEventType.ContentDelta
            && next == last with { Delta = next.Delta }
            ? [.. first[..^1], last with { Delta = last.Delta + next.Delta }, .. rest]
            : [.. first, .. second];
    }
}
