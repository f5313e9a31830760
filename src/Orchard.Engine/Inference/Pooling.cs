namespace Orchard.Engine.Inference;

/// <summary>How token embeddings are pooled into the embedding of a text. The values are those of GGUF files and of llama.cpp.</summary>
internal enum Pooling
{
    None = 0,
    Mean = 1,
    Cls = 2,
    Last = 3,

    /// <summary>A classification head that computes the relevance of a document for a query.</summary>
    Rank = 4,
}
