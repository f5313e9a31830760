namespace Orchard.Engine.Inference.Gguf;

/// <summary>Bytes of the weights of one layer.</summary>
/// <param name="Dense">Those that every token uses.</param>
/// <param name="Experts">Those of experts, of which a token uses a few.</param>
internal readonly record struct LayerSize(long Dense, long Experts)
{
    public long Total => Dense + Experts;
}
