namespace Orchard;

/// <summary>How the embeddings of a text's tokens are combined into one embedding of the text.</summary>
public enum EmbeddingPooling
{
    /// <summary>
    /// Not specified. In <see cref="EmbeddingOptions"/>: the model's own pooling. In <see cref="ModelInfo"/>: the model file does not
    /// specify it, which is usual for chat models.
    /// </summary>
    Unspecified,

    /// <summary>No pooling: the model gives one embedding per token. Not allowed in <see cref="EmbeddingOptions"/>.</summary>
    None,

    /// <summary>The mean of the token embeddings.</summary>
    Mean,

    /// <summary>The embedding of the first token (CLS), which some encoder models are trained for.</summary>
    Cls,

    /// <summary>The embedding of the last token, the only one that depends on the whole text in a causal model.</summary>
    Last,

    /// <summary>
    /// A relevance score instead of an embedding, computed by a reranking model. Not allowed in <see cref="EmbeddingOptions"/>.
    /// </summary>
    Rank,
}
