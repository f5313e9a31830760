using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>A chain of native samplers, applied in the order in which they were added. Not thread-safe.</summary>
internal sealed unsafe class LlamaSamplerHandle : LlamaHandle
{
    private LlamaSamplerHandle(nint handle)
        : base(handle)
    {
    }

    public static LlamaSamplerHandle CreateChain()
    {
        _ = LlamaLibrary.Load();
        LlamaSamplerChainParams parameters = LlamaApi.llama_sampler_chain_default_params();
        return new LlamaSamplerHandle(LlamaApi.llama_sampler_chain_init(parameters));
    }

    /// <summary>Penalizes tokens that are among the last ones.</summary>
    /// <param name="vocabularySize">Number of tokens in the vocabulary.</param>
    /// <param name="window">Number of most recent tokens to consider.</param>
    /// <param name="repetition">Divisor of positive logits and factor of negative ones; 1 disables it.</param>
    /// <param name="frequency">Amount subtracted for each occurrence; 0 disables it.</param>
    /// <param name="presence">Amount subtracted once for any number of occurrences; 0 disables it.</param>
    public void AddPenalties(int vocabularySize, int window, float repetition, float frequency, float presence) =>
        Add(LlamaApi.llama_sampler_init_penalties(vocabularySize, window, repetition, frequency, presence));

    public void AddTopK(int count) => Add(LlamaApi.llama_sampler_init_top_k(count));

    public void AddTopP(float probability) => Add(LlamaApi.llama_sampler_init_top_p(probability, 1));

    public void AddMinP(float probability) => Add(LlamaApi.llama_sampler_init_min_p(probability, 1));

    public void AddTypical(float probability) => Add(LlamaApi.llama_sampler_init_typical(probability, 1));

    /// <summary>Adds XTC: excludes the most probable candidates.</summary>
    public void AddXtc(float probability, float threshold, uint seed) =>
        Add(LlamaApi.llama_sampler_init_xtc(probability, threshold, 1, seed));

    /// <summary>
    /// Ends the chain with Mirostat 2.0, which keeps the surprisal of the text near <paramref name="tau"/> bits per token.
    /// </summary>
    public void AddMirostat(uint seed, float tau, float eta) => Add(LlamaApi.llama_sampler_init_mirostat_v2(seed, tau, eta));

    /// <summary>Adds DRY: penalizes repeated token sequences. Reads the whole vocabulary once.</summary>
    /// <param name="model">Provides the vocabulary; may be disposed afterwards.</param>
    /// <param name="multiplier">Strength of the penalty; 0 disables it.</param>
    /// <param name="baseValue">Factor by which the penalty grows with each repeated token.</param>
    /// <param name="allowedLength">Length of repetitions that are not penalized.</param>
    /// <param name="window">Number of most recent tokens to consider.</param>
    /// <param name="sequenceBreakers">Texts that end a repetition.</param>
    public void AddDry(
        LlamaModelHandle model, float multiplier, float baseValue, int allowedLength, int window, IReadOnlyList<string> sequenceBreakers) =>
        Add(model.CreateDrySampler(multiplier, baseValue, allowedLength, window, sequenceBreakers));

    public void AddTemperature(float temperature) => Add(LlamaApi.llama_sampler_init_temp(temperature));

    /// <summary>Ends the chain with random sampling. <see cref="uint.MaxValue"/> makes the library use a random seed.</summary>
    public void AddDistribution(uint seed) => Add(LlamaApi.llama_sampler_init_dist(seed));

    /// <summary>Ends the chain with greedy selection.</summary>
    public void AddGreedy() => Add(LlamaApi.llama_sampler_init_greedy());

    /// <summary>Runs the chain and returns the selected token, or null. Reorders and modifies the candidates.</summary>
    /// <param name="candidates">A pinned array.</param>
    public int? Apply(LlamaTokenData[] candidates)
    {
        var array = new LlamaTokenDataArray
        {
            Data = Marshal.UnsafeAddrOfPinnedArrayElement(candidates, 0),
            Size = (nuint)candidates.Length,
            Selected = -1,
        };
        LlamaApi.llama_sampler_apply(this, &array);
        GC.KeepAlive(candidates);
        return array.Selected >= 0 && (ulong)array.Selected < array.Size
            ? ((LlamaTokenData*)array.Data)[array.Selected].Token
            : null;
    }

    /// <summary>Informs the chain of the token that the sequence continues with.</summary>
    public void Accept(int token) => LlamaApi.llama_sampler_accept(this, token);

    protected override void Free(nint native) => LlamaApi.llama_sampler_free(native);

    /// <summary>Transfers ownership of a native sampler to the chain.</summary>
    private void Add(nint sampler) => LlamaApi.llama_sampler_chain_add(this, sampler);
}
