namespace Orchard.Server.OpenAI.Chat;

/// <summary>
/// Maps the parts of an answer to chunks: a chunk has either the role, reasoning, text, a part of a call or the finish reason, since
/// clients overlook what comes together. Not thread-safe.
/// </summary>
/// <param name="id">Identifies the completion.</param>
/// <param name="model">The model as the client named it.</param>
/// <param name="created">When the completion was created.</param>
/// <param name="candidates">Number of answers to each conversation.</param>
internal sealed class ChatChunks(string id, string model, DateTimeOffset created, int candidates = 1)
{
    private readonly long _created = created.ToUnixTimeSeconds();
    private readonly HashSet<int> _started = [];
    private readonly HashSet<(int Choice, int Call)> _calls = [];
    private readonly Dictionary<int, Usage> _prompts = []; // by conversation
    private int _completionTokens;
    private int _reasoningTokens;

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
            Count(part);
            yield return Chunk(index, new ChunkDelta(), null, FinishReasons.NameOf(reason));
        }
    }

    /// <summary>Returns the chunk with the token counts of all answers.</summary>
    public ChatCompletionChunk Usage() => Chunk([]) with
    {
        Usage = TokenUsage.Of(new Usage
        {
            PromptTokens = _prompts.Values.Sum(static usage => usage.PromptTokens),
            CachedTokens = _prompts.Values.Sum(static usage => usage.CachedTokens),
            CompletionTokens = _completionTokens,
            ReasoningTokens = _reasoningTokens,
        }),
    };

    private static AnswerToolCall ToCall(ToolCallDelta call, bool isFirst) => new()
    {
        Index = call.Index,
        Id = isFirst ? call.Id : null,
        Type = isFirst ? "function" : null,
        Function = new AnswerFunction { Name = isFirst ? call.Name : null, Arguments = call.Arguments },
    };

    private void Count(ChatDelta part)
    {
        if (part.Usage is { } usage)
        {
            _prompts[part.PromptIndex] = usage;
            _completionTokens += usage.CompletionTokens;
            _reasoningTokens += usage.ReasoningTokens;
        }
    }

    private ChatCompletionChunk Chunk(int index, ChunkDelta delta, ChatLogprobs? logprobs = null, string? reason = null) =>
        Chunk([new ChunkChoice { Index = index, Delta = delta, Logprobs = logprobs, FinishReason = reason }]);

    private ChatCompletionChunk Chunk(IReadOnlyList<ChunkChoice> choices) => new()
    {
        Id = id,
        Created = _created,
        Model = model,
        Choices = choices,
    };
}
