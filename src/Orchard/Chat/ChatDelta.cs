namespace Orchard;

/// <summary>A piece of an answer as it is generated. The last piece carries the finish reason and the usage. Immutable.</summary>
public sealed record ChatDelta
{
    /// <summary>Text to append to what came before: whole characters, possibly empty.</summary>
    public required string Text { get; init; }

    /// <summary>What the model thinks, to append to what came before; possibly empty. It is never part of <see cref="Text"/>.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Pieces of tool calls; possibly none.</summary>
    public IReadOnlyList<ToolCallDelta> ToolCalls { get; init; } = [];

    /// <summary>Why the model stopped; null while it goes on.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Tokens taken; null while the model goes on.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Which conversation of a batch this belongs to, from 0.</summary>
    public int PromptIndex { get; init; }

    /// <summary>Which answer to that conversation this belongs to, from 0; see <see cref="GenerationOptions.CandidateCount"/>.</summary>
    public int CandidateIndex { get; init; }

    /// <summary>The tokens of this piece and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.</summary>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];

    /// <summary>Sum of the log probabilities of the answer's tokens, with the last piece; null when the engine did not tell.</summary>
    public double? CumulativeLogprob { get; init; }

    /// <summary>Why this conversation of a batch failed, with its last piece; null when it did not. The others go on.</summary>
    public OrchardException? Error { get; init; }
}
