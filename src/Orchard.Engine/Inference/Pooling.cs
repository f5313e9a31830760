namespace Orchard.Engine.Inference;

/// <summary>How the embeddings of tokens become one of a text, by the numbers of GGUF files and of the library.</summary>
internal enum Pooling
{
    None = 0,
    Mean = 1,
    Cls = 2,
    Last = 3,

    /// <summary>A classifier on top: one number that says how well a document answers a query.</summary>
    Rank = 4,
}
