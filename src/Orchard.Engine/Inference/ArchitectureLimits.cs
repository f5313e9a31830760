namespace Orchard.Engine.Inference;

/// <summary>What this engine cannot do with some architectures of llama.cpp 0.4 and 0.5, where the library would end the process.</summary>
internal static class ArchitectureLimits
{
    private const string EncoderDecoder =
        "an encoder-decoder model, which reads a text with one half and writes with the other. "
        + "Run it with llama-cli of llama.cpp, or use a decoder-only model";

    private const string Diffusion =
        "a diffusion model, which writes all tokens of an answer at once. "
        + "Run it with llama-diffusion-cli of llama.cpp, or use a model that writes one token after another";

    private const string Part = "a part of another model and cannot be used alone. Use the model itself";

    private static readonly Dictionary<string, string> Unusable = new(StringComparer.Ordinal)
    {
        ["t5"] = EncoderDecoder,
        ["t5encoder"] = EncoderDecoder,
        ["dream"] = Diffusion,
        ["llada"] = Diffusion,
        ["llada-moe"] = Diffusion,
        ["rnd1"] = Diffusion,
        ["clip"] = Part,
        ["eagle3"] = Part,
        ["dflash"] = Part,
        ["gemma4-assistant"] = Part,
        ["wavtokenizer-dec"] = Part,
        ["plm"] = "an architecture whose attention llama.cpp computes with wrong sizes. Use another model",
    };

    // They have a KV cache, and do not use it.
    private static readonly HashSet<string> WithoutText = new(["llama-embed"], StringComparer.Ordinal);

    // Architectures of llama.cpp by the release that was the first to know them, beginning with the oldest that this engine supports.
    private static readonly Dictionary<string, string> FirstReleases = new(StringComparer.Ordinal)
    {
        ["hrm_text"] = "0.5.0",
        ["hy_v4"] = "0.5.0",
        ["maple"] = "0.5.0",
        ["spark2_5"] = "0.5.0",
    };

    /// <summary>Returns what a model of this architecture is and what to do instead, or null if it can be used.</summary>
    public static string? WhyUnusable(string architecture) => Unusable.GetValueOrDefault(architecture);

    /// <summary>Whether a model of this architecture can generate text.</summary>
    public static bool CanGenerate(string architecture) => !WithoutText.Contains(architecture);

    /// <summary>Returns the first release that knows an architecture, or null if none is known.</summary>
    public static string? FirstReleaseWith(string architecture) => FirstReleases.GetValueOrDefault(architecture);
}
