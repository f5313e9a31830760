using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>
/// Maps the parts of an answer to chunks: a chunk has either the role, reasoning, text, a part of a call or the finish reason, since
/// clients overlook what comes together. Not thread-safe.
/// </summary>
/// <param name="head">What all chunks have in common.</param>
/// <param name="candidates">Number of answers to each conversation.</param>
internal sealed class ChatChunks(ChatHead head, int candidates = 1)
{
    private readonly HashSet<int> _started = [];
    private readonly HashSet<(int Choice, int Call)> _calls = [];
    private readonly UsageSum _usage = new();

    /// <summary>Returns the chunks of a part.</summary>
    /// <param name="part">The part.</param>
    public IEnumerable<ChatCompletionChunk> Of(ChatDelta part)
    {
        int index = (part.PromptIndex * candidates) + part.CandidateIndex;
        if (_started.Add(index))
        {
            yield return Chunk(index, new ChunkDelta { Role = "assistant", Content = "" });
        }

        if (part.Reasoning.Length > 0)
        {
            yield return Chunk(index, new ChunkDelta { ReasoningContent = part.Reasoning, Reasoning = part.Reasoning });
        }

        if (part.Text.Length > 0 || part.Logprobs.Count > 0)
        {
            yield return Chunk(index, new ChunkDelta { Content = part.Text }, ChatLogprobs.Of(part.Logprobs));
        }

        foreach (ToolCallDelta call in part.ToolCalls)
        {
            bool isFirst = _calls.Add((index, call.Index));
            if (isFirst || call.Arguments.Length > 0)
            {
                yield return Chunk(index, new ChunkDelta { ToolCalls = [ToCall(call, isFirst)] });
            }
        }

        if (part.FinishReason is { } reason)
        {
            _usage.Add(part);
            yield return Chunk(index, new ChunkDelta(), null, FinishReasons.NameOf(reason));
        }
    }

    /// <summary>Returns the chunk with the token counts of all answers.</summary>
    public ChatCompletionChunk Usage() => Chunk([]) with { Usage = TokenUsage.Of(_usage.Total) };

    private static AnswerToolCall ToCall(ToolCallDelta call, bool isFirst) => new()
    {
        Index = call.Index,
        Id = isFirst ? call.Id : null,
        Type = isFirst ? "function" : null,
        Function = new AnswerFunction { Name = isFirst ? call.Name : null, Arguments = call.Arguments },
    };

    private ChatCompletionChunk Chunk(int index, ChunkDelta delta, ChatLogprobs? logprobs = null, string? reason = null) =>
        Chunk([new ChunkChoice { Index = index, Delta = delta, Logprobs = logprobs, FinishReason = reason }]);

    private ChatCompletionChunk Chunk(IReadOnlyList<ChunkChoice> choices) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = choices,
    };
}
