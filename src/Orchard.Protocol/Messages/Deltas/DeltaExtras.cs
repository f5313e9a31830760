namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Members of a delta that only final deltas, failures and artifacts have.</summary>
/// <remarks>The setters are for the code that builds a delta. Treat an instance as immutable once it is part of a delta.</remarks>
internal sealed record DeltaExtras
{
    /// <summary>The text of a failure. PIE-compatible engines use several names for this member.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>Orchard extension: one of <see cref="Messages.ErrorCode"/>.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Orchard extension: the location of a failure in a JSON Schema, as a JSON pointer.</summary>
    public string? SchemaPath { get; set; }

    /// <summary>Orchard extension: the JSON Schema keyword that a failure is about.</summary>
    public string? SchemaKeyword { get; set; }

    /// <summary>
    /// Orchard extension: the image or audio input that a failure is about, by its place among all of them in the order of the layout.
    /// </summary>
    public int? MediaIndex { get; set; }

    public int? MatchedStopTokenId { get; set; }

    /// <summary>The end token or stop sequence that ended the sequence.</summary>
    public string? MatchedStopToken { get; set; }

    /// <summary>Sum of the log probabilities of all generated tokens.</summary>
    public double? CumulativeLogprob { get; set; }

    /// <summary>Orchard extension: log probabilities of this delta's tokens in order. Only if the request asked for them.</summary>
    public TokenScore[]? Logprobs { get; set; }

    /// <summary>Orchard extension: durations of the sequence's phases. Only on final deltas of requests with a trace context.</summary>
    public SequenceTimes? Times { get; set; }

    /// <summary>
    /// Orchard extension: prompt tokens that are computed or were found in the prefix cache. Such a delta has no output. Only if the
    /// request asked for it.
    /// </summary>
    public int? PrefilledTokens { get; set; }

    public string? ModalDecoderId { get; set; }

    public string? ModalType { get; set; }

    public string? ModalEvent { get; set; }

    public string? ModalMimeType { get; set; }

    public string? ModalMetadataJson { get; set; }

    public byte[]? ModalBytes { get; set; }

    /// <summary>An embedding or a rank, as little-endian 32-bit floats.</summary>
    public byte[]? EmbeddingBytes { get; set; }
}
