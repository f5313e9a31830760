namespace Orchard;

/// <summary>A document with its relevance to a query. Immutable.</summary>
public sealed class RankedDocument
{
    /// <summary>Zero-based index of the document in the list that was passed to the call.</summary>
    public required int Index { get; init; }

    /// <summary>Relevance to the query; higher is more relevant. The scale depends on the model; many models return a logit.</summary>
    public required float Score { get; init; }
}
