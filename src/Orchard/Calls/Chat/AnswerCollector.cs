using System.Text;

namespace Orchard.Calls.Chat;

/// <summary>Makes whole answers out of their pieces. One caller at a time.</summary>
internal sealed class AnswerCollector
{
    private readonly Answer[][] _answers;
    private readonly GenerationOptions[] _options;

    /// <param name="options">Those of each conversation.</param>
    public AnswerCollector(IEnumerable<GenerationOptions> options)
    {
        _options = [.. options];
        _answers = Array.ConvertAll(_options, one => Enumerable.Range(0, one.GeneratedCandidates).Select(_ => new Answer()).ToArray());
    }

    public void Add(ChatDelta delta) => _answers[delta.PromptIndex][delta.CandidateIndex].Add(delta);

    /// <summary>One result per conversation.</summary>
    /// <exception cref="ProtocolException">An answer has no end.</exception>
    public ChatResult[] ToResults()
    {
        int count = _answers.Sum(candidates => candidates.Length);
        int unfinished = _answers.Sum(candidates => candidates.Count(answer => answer.Result is null));
        return unfinished == 0
            ? [.. _answers.Zip(_options, ToResult)]
            : throw new ProtocolException($"The engine ended the request, but {unfinished} of {count} answers have no end.");
    }

    private static ChatResult ToResult(Answer[] candidates, GenerationOptions options)
    {
        ChatResult[] results = [.. candidates.Select(answer => answer.Result!)];
        var usage = new Usage
        {
            PromptTokens = results.Max(result => result.Usage.PromptTokens),
            CachedTokens = results.Max(result => result.Usage.CachedTokens),
            CompletionTokens = results.Sum(result => result.Usage.CompletionTokens),
            ReasoningTokens = results.Sum(result => result.Usage.ReasoningTokens),
        };

        // The sort is stable: of equals, and of those without a sum, the first.
        IEnumerable<ChatResult> ranked = options.GeneratedCandidates > options.CandidateCount
            ? results.OrderByDescending(result => result.CumulativeLogprob ?? double.NegativeInfinity)
            : results;
        ChatResult[] chosen = [.. ranked.Take(options.CandidateCount).Select(result => result with { ConversationUsage = usage })];
        return chosen[0] with { Alternatives = chosen[1..] };
    }

    private sealed class Answer
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<GeneratedToken> _tokens = [];
        private readonly List<ToolCall> _calls = [];

        public ChatResult? Result { get; private set; }

        public void Add(ChatDelta delta)
        {
            _text.Append(delta.Text);
            _reasoning.Append(delta.Reasoning);
            _tokens.AddRange(delta.Tokens);
            foreach (ToolCallDelta piece in delta.ToolCalls)
            {
                if (piece.Call is { } call)
                {
                    _calls.Add(call);
                }
            }

            if (delta is { FinishReason: { } reason, Usage: { } usage })
            {
                Result = new ChatResult
                {
                    Text = _text.ToString(),
                    Reasoning = _reasoning.ToString(),
                    ToolCalls = [.. _calls],
                    FinishReason = reason,
                    Usage = usage,
                    CandidateIndex = delta.CandidateIndex,
                    Tokens = [.. _tokens],
                    CumulativeLogprob = delta.CumulativeLogprob,
                    Error = delta.Error,
                };
            }
        }
    }
}
