using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>A chain of native samplers, applied in the order they were added. Not thread-safe.</summary>
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

    /// <summary>Excludes top choices.</summary>
    public void AddXtc(float probability, float threshold, uint seed) => Add(LlamaApi.llama_sampler_init_xtc(probability, threshold, 1, seed));

    /// <summary>Ends the chain: picks so that the surprise of tokens stays near <paramref name="tau"/> bits.</summary>
    public void AddMirostat(uint seed, float tau, float eta) => Add(LlamaApi.llama_sampler_init_mirostat_v2(seed, tau, eta));

    /// <summary>Penalises sequences that were there before. Reads the whole vocabulary once.</summary>
    /// <param name="model">Whose vocabulary; not needed any more afterwards.</param>
    /// <param name="multiplier">0: off.</param>
    /// <param name="baseValue">What the penalty grows by with every repeated token.</param>
    /// <param name="allowedLength">Repeated tokens that cost nothing.</param>
    /// <param name="window">How many of the last tokens to look at.</param>
    /// <param name="sequenceBreakers">Texts over which a repetition does not reach.</param>
    public void AddDry(
        LlamaModelHandle model, float multiplier, float baseValue, int allowedLength, int window, IReadOnlyList<string> sequenceBreakers) =>
        Add(model.CreateDrySampler(multiplier, baseValue, allowedLength, window, sequenceBreakers));

    public void AddTemperature(float temperature) => Add(LlamaApi.llama_sampler_init_temp(temperature));

    /// <summary>Ends the chain: picks by probability. The library draws a random seed for <see cref="uint.MaxValue"/>.</summary>
    public void AddDistribution(uint seed) => Add(LlamaApi.llama_sampler_init_dist(seed));

    /// <summary>Ends the chain: picks the most probable.</summary>
    public void AddGreedy() => Add(LlamaApi.llama_sampler_init_greedy());

    /// <summary>Runs the chain and returns the token it picked, or null when it picked none. Reorders and changes the candidates.</summary>
    /// <param name="candidates">On the pinned heap.</param>
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

    /// <summary>Tells the chain which token the sequence went on with.</summary>
    public void Accept(int token) => LlamaApi.llama_sampler_accept(this, token);

    protected override void Free(nint native) => LlamaApi.llama_sampler_free(native);

    /// <summary>The chain owns <paramref name="sampler"/> from here on.</summary>
    private void Add(nint sampler) => LlamaApi.llama_sampler_chain_add(this, sampler);
}
