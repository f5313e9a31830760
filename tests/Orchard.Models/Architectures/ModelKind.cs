namespace Orchard.TestModels.Architectures;

/// <summary>What a model remembers of a sequence, or what it is for.</summary>
public enum ModelKind
{
    /// <summary>All tokens.</summary>
    Dense,

    /// <summary>All tokens; a few of several experts compute each.</summary>
    Mixture,

    /// <summary>In some layers only the last tokens, or those of a chunk.</summary>
    Window,

    /// <summary>All tokens, compressed (multi-head latent attention).</summary>
    Latent,

    /// <summary>A state of fixed size.</summary>
    Recurrent,

    /// <summary>A state in some layers, all tokens in others.</summary>
    Hybrid,

    /// <summary>Nothing: it computes embeddings.</summary>
    Encoder,

    /// <summary>It reads with an encoder and writes with a decoder.</summary>
    EncoderDecoder,

    /// <summary>It writes all tokens of an answer at once.</summary>
    Diffusion,
}
