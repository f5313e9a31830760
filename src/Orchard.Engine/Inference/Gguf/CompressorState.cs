namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// The state of DeepSeek-V4: each layer that compresses its KV cache keeps the tokens that it has not compressed yet, as keys and scores.
/// </summary>
/// <remarks>The library allocates it for every sequence when it creates a context.</remarks>
internal static class CompressorState
{
    // Layers compress 4 tokens to one, overlapping with those before and with an index beside them, or 128, or none.
    private const int FewTokens = 4;
    private const int ManyTokens = 128;
    private const int Overlap = 2;
    private const int KeysAndScores = 2;

    /// <summary>Returns the bytes of the state of one sequence.</summary>
    public static long CountBytes(GgufMetadata metadata)
    {
        if (metadata.GetForArchitecture("attention.compress_ratios") is not { } ratios)
        {
            return 0;
        }

        long compressing = ratios.Count - ratios.Zeros;
        long many = Math.Clamp((ratios.Sum - (FewTokens * compressing)) / (ManyTokens - FewTokens), 0, compressing);
        long keys = metadata.GetForArchitecture("attention.key_length")?.Sum ?? 0;
        long index = metadata.GetForArchitecture("attention.indexer.key_length")?.Sum ?? 0;
        long perFew = checked(Overlap * FewTokens * Overlap * (keys + index));
        long perMany = checked(ManyTokens * keys);
        return Math.Max(0, checked(KeysAndScores * sizeof(float) * (((compressing - many) * perFew) + (many * perMany))));
    }
}
