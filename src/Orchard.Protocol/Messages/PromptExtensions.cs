namespace Orchard.Protocol.Messages;

/// <summary>What clients of ours ask beyond the family's fields of a prompt; sent to engines of ours only. Every default means "off".</summary>
internal sealed record PromptExtensions
{
    public static PromptExtensions None { get; } = new();

    /// <summary>Keep the tokens whose surprise is nearest to the expected one, up to this probability; 1: off.</summary>
    public double TypicalP { get; init; } = 1.0;

    /// <summary>Whether the tokens that end a turn are never chosen.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>Whether every delta tells the log probability of its tokens, and final ones their sum.</summary>
    public bool Logprobs { get; init; }

    public MirostatSettings? Mirostat { get; init; }

    public DrySettings? Dry { get; init; }

    public XtcSettings? Xtc { get; init; }

    /// <summary>LoRA adapters to generate with; none: the model as it is.</summary>
    public IReadOnlyList<LoraSettings> Lora { get; init; } = [];

    /// <summary>Of an embedding: how to pool, <c>mean</c>, <c>cls</c> or <c>last</c>; null for the model's own way.</summary>
    public string? Pooling { get; init; }

    /// <summary>Of an embedding: the query for which the prompt's text is a document to be ranked; null when it is to be embedded.</summary>
    public string? Query { get; init; }

    /// <summary>Where the prompt's text holds no control tokens, whatever it looks like; ascending.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];
}
