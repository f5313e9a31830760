using Orchard.Remote.Wire;

namespace Orchard.Remote.Chat;

/// <summary>Converts the events of one candidate to the deltas of the API. Not thread-safe.</summary>
/// <param name="promptIndex">Index of the conversation in the request.</param>
/// <param name="index">Index of the candidate.</param>
/// <param name="options">The options of the conversation.</param>
/// <param name="stops">The stop sequences that the server does not know.</param>
internal sealed class Candidate(int promptIndex, int index, GenerationOptions options, IReadOnlyList<string> stops)
{
    private readonly StopFilter _stops = new(stops);
    private WholeCharacters _text;
    private WholeCharacters _reasoning;
    private CandidateCalls? _calls;
    private double? _logprob;

    /// <summary>Why the candidate ended; null before.</summary>
    public FinishReason? End { get; private set; }

    /// <summary>Whether the client has ended the candidate, and not the server.</summary>
    public bool IsCut => _stops.HasStopped;

    /// <summary>Number of events with a part of the answer.</summary>
    public int Parts { get; private set; }

    /// <summary>Reads an event.</summary>
    /// <returns>The delta; null if the event contains nothing for the caller.</returns>
    public ChatDelta? Read(ChunkChoice choice)
    {
        if (End is not null)
        {
            return null; // nothing can follow the end
        }

        string text = choice.Content is { } content ? _stops.Add(_text.Add(content)) : "";
        string reasoning = choice.Reasoning is { } thought ? _reasoning.Add(thought) : "";
        ToolCallDelta[] calls = choice.Calls.Count == 0 ? [] : (_calls ??= new CandidateCalls(options)).Read(choice.Calls);
        TokenLogprob[] logprobs = choice.Logprobs.Count == 0 ? [] : Count(choice.Logprobs);
        if (choice.FinishReason is { } reason)
        {
            End = FinishReasons.Parse(reason) is var end && end == FinishReason.Stop && _calls is { HasCalls: true }
                ? FinishReason.ToolCalls
                : end;
        }

        if (_stops.HasStopped)
        {
            End = FinishReason.Stop;
        }
        else if (End is not null)
        {
            text += _stops.End();
        }

        if (text.Length == 0 && reasoning.Length == 0 && calls.Length == 0 && logprobs.Length == 0)
        {
            return null;
        }

        Parts++;
        return new ChatDelta
        {
            Text = text,
            Reasoning = reasoning,
            ToolCalls = calls,
            PromptIndex = promptIndex,
            CandidateIndex = index,
            Logprobs = logprobs,
        };
    }

    /// <summary>Returns the last delta.</summary>
    /// <param name="usage">The candidate's tokens.</param>
    /// <param name="ignored">The options that were left out.</param>
    /// <param name="origin">Where the answer was generated.</param>
    public ChatDelta Finish(Usage usage, IReadOnlyList<string> ignored, AnswerOrigin origin) => new()
    {
        Text = "",
        ToolCalls = _calls?.End(End!.Value) ?? [],
        FinishReason = End,
        Usage = usage,
        PromptIndex = promptIndex,
        CandidateIndex = index,
        CumulativeLogprob = _logprob,
        IgnoredOptions = ignored,
        Origin = origin,
    };

    private TokenLogprob[] Count(List<TokenLogprob> logprobs)
    {
        _logprob = (_logprob ?? 0) + logprobs.Sum(static token => token.Logprob);
        return options.WantsLogprobs ? [.. logprobs] : [];
    }
}
