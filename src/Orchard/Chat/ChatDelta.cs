namespace Orchard;

/// <summary>A part of an answer, sent as it is generated. The last part carries the finish reason and the usage. Immutable.</summary>
public sealed class ChatDelta
{
    private int _promptIndex;
    private AnswerOrigin? _origin;

    /// <summary>Text to append to the text received so far. Contains whole characters only; may be empty.</summary>
    public required string Text { get; init; }

    /// <summary>Reasoning to append to the reasoning received so far. May be empty; it is never part of <see cref="Text"/>.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Parts of tool calls; empty if there are none.</summary>
    public IReadOnlyList<ToolCallDelta> ToolCalls { get; init; } = [];

    /// <summary>Why generation ended; null until the last part.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Token counts of the answer; null until the last part.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Zero-based index of the conversation in a batch.</summary>
    public int PromptIndex
    {
        get => _promptIndex;
        init => _promptIndex = value;
    }

    /// <summary>Zero-based index of the candidate; see <see cref="GenerationOptions.CandidateCount"/>.</summary>
    public int CandidateIndex { get; init; }

    /// <summary>
    /// The tokens of this part with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is set.
    /// </summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];

    /// <summary>Sum of the log probabilities of the answer's tokens, with the last part; null if the engine did not report it.</summary>
    public double? CumulativeLogprob { get; init; }

    /// <summary>
    /// Names of the <see cref="GenerationOptions"/> that were set, but that the model cannot follow, with the last part; empty if there are
    /// none. See <see cref="GenerationOptions.IgnoreUnsupportedReasoning"/>.
    /// </summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];

    /// <summary>
    /// Where the answer was generated, with its last part; null if that was the engine on this machine, as the model's name says.
    /// </summary>
    public AnswerOrigin? Origin
    {
        get => _origin;
        init => _origin = value;
    }

    /// <summary>
    /// Why this conversation of a batch failed, with its last part; null if it did not fail. The other conversations continue.
    /// </summary>
    public OrchardException? Error { get; init; }

    /// <summary>Returns the same part as one of another conversation of a batch, and of another origin.</summary>
    internal ChatDelta At(int promptIndex, AnswerOrigin? origin)
    {
        var copy = (ChatDelta)MemberwiseClone();
        (copy._promptIndex, copy._origin) = (promptIndex, origin);
        return copy;
    }
}
