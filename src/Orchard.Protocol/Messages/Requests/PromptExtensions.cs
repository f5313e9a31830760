namespace Orchard.Protocol.Messages.Requests;

/// <summary>Orchard extensions of a prompt, sent to Orchard engines only. Every default means "off".</summary>
internal sealed record PromptExtensions
{
    public static PromptExtensions None { get; } = new();

    /// <summary>
    /// Locally typical sampling: keeps the tokens whose surprisal is closest to the entropy, up to this total probability. 1 disables it.
    /// </summary>
    public double TypicalP { get; init; } = 1.0;

    /// <summary>Whether end-of-generation tokens are never sampled.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>Whether deltas contain the log probabilities of their tokens, and final deltas the sum.</summary>
    public bool Logprobs { get; init; }

    public MirostatSettings? Mirostat { get; init; }

    public DrySettings? Dry { get; init; }

    public XtcSettings? Xtc { get; init; }

    /// <summary>LoRA adapters to apply.</summary>
    public IReadOnlyList<LoraSettings> Lora { get; init; } = [];

    /// <summary>For embeddings: pooling by <c>mean</c>, <c>cls</c> or <c>last</c>; null for the model's default.</summary>
    public string? Pooling { get; init; }

    /// <summary>For embeddings: the query to rank the prompt's text for; null to embed the text instead.</summary>
    public string? Query { get; init; }

    /// <summary>For embeddings: whether a text that is too long is cut off at its end; otherwise it is refused.</summary>
    public bool Truncate { get; init; }

    /// <summary>
    /// The model's form of tool calls, see <see cref="Requests.CallForm"/>, as JSON; empty for the first of
    /// <see cref="WirePrompt.ToolCallingTokens"/>.
    /// </summary>
    public string CallForm { get; init; } = "";

    /// <summary>
    /// Whether reasoning is switched off: its delimiters may be written with nothing but white space between them.
    /// </summary>
    public bool EmptyReasoning { get; init; }

    /// <summary>Ranges of the prompt's text without control tokens, ascending.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];
}
