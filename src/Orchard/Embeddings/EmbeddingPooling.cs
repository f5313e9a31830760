namespace Orchard;

/// <summary>How the embeddings of a text's tokens become one of the text.</summary>
public enum EmbeddingPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token, which some encoders are trained to fill.</summary>
    Cls,

    /// <summary>That of the last token, which alone has seen the whole text in a model that reads from left to right.</summary>
    Last,
}
