using System.Text;

namespace Orchard.Calls.Chat;

/// <summary>Assembles complete answers from their deltas. Not thread-safe.</summary>
internal sealed class AnswerCollector
{
    private readonly Answer[][] _answers;
    private readonly GenerationOptions[] _options;

    /// <param name="options">The options of each conversation.</param>
    public AnswerCollector(IEnumerable<GenerationOptions> options)
    {
        _options = [.. options];
        _answers = Array.ConvertAll(_options, one => Enumerable.Range(0, one.GeneratedCandidates).Select(_ => new Answer()).ToArray());
    }

    public void Add(ChatDelta delta) => _answers[delta.PromptIndex][delta.CandidateIndex].Add(delta);

    /// <summary>Returns one result per conversation.</summary>
    /// <exception cref="ProtocolException">An answer is incomplete.</exception>
    public ChatResult[] ToResults()
    {
        int count = _answers.Sum(candidates => candidates.Length);
        int unfinished = _answers.Sum(candidates => candidates.Count(answer => answer.End is null));
        return unfinished == 0
            ? [.. _answers.Zip(_options, ToResult)]
            : throw new ProtocolException($"The engine ended the request, but {unfinished} of {count} answers are incomplete. Try again.");
    }

    private static ChatResult ToResult(Answer[] candidates, GenerationOptions options)
    {
        var usage = new Usage
        {
            PromptTokens = candidates.Max(answer => answer.Usage.PromptTokens),
            CachedTokens = candidates.Max(answer => answer.Usage.CachedTokens),
            CompletionTokens = candidates.Sum(answer => answer.Usage.CompletionTokens),
            ReasoningTokens = candidates.Sum(answer => answer.Usage.ReasoningTokens),
        };

        // The sort is stable: equal answers, and those without a sum, keep their order.
        IEnumerable<Answer> ranked = options.GeneratedCandidates > options.CandidateCount
            ? candidates.OrderByDescending(answer => answer.End?.CumulativeLogprob ?? double.NegativeInfinity)
            : candidates;
        Answer[] chosen = [.. ranked.Take(options.CandidateCount)];
        return chosen[0].ToResult(usage, [.. chosen[1..].Select(answer => answer.ToResult(usage, []))]);
    }

    private sealed class Answer
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<TokenLogprob> _logprobs = [];
        private readonly List<ToolCall> _calls = [];

        /// <summary>The last part of the answer; null before.</summary>
        public ChatDelta? End { get; private set; }

        public Usage Usage => End?.Usage ?? default;

        public void Add(ChatDelta delta)
        {
            _text.Append(delta.Text);
            _reasoning.Append(delta.Reasoning);
            _logprobs.AddRange(delta.Logprobs);
            foreach (ToolCallDelta piece in delta.ToolCalls)
            {
                if (piece.Call is { } call)
                {
                    _calls.Add(call);
                }
            }

            if (delta is { FinishReason: not null, Usage: not null })
            {
                End = delta;
            }
        }

        public ChatResult ToResult(Usage conversationUsage, IReadOnlyList<ChatResult> alternatives) => new()
        {
            Text = _text.ToString(),
            Reasoning = _reasoning.ToString(),
            ToolCalls = [.. _calls],
            FinishReason = End?.FinishReason ?? FinishReason.Unknown,
            Usage = Usage,
            ConversationUsage = conversationUsage,
            CandidateIndex = End?.CandidateIndex ?? 0,
            Alternatives = alternatives,
            Logprobs = [.. _logprobs],
            CumulativeLogprob = End?.CumulativeLogprob,
            IgnoredOptions = End?.IgnoredOptions ?? [],
            Origin = End?.Origin,
            Error = End?.Error,
        };
    }
}
