using System.Runtime.InteropServices;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// A chain of the samplers of llama.cpp, which the engine does not use: what its own samplers are compared with. The declarations are those
/// of the supported releases.
/// </summary>
internal sealed class LibraryChain : IDisposable
{
    private static readonly nint Library = NativeLibrary.Load(NativeFiles.Find(LlamaLibrary.Load().Folder).Llama);

    private readonly nint _chain = Import<Init>("llama_sampler_chain_init")(0);

    private delegate nint Init(byte noPerformanceCounters);

    private delegate void Add(nint chain, nint sampler);

    private delegate void Release(nint sampler);

    private delegate void ApplyTo(nint sampler, ref CandidateArray candidates);

    private delegate void AcceptToken(nint sampler, int token);

    private delegate nint InitTopK(int count);

    private delegate nint InitWithProbability(float probability, nuint minimumKept);

    private delegate nint InitXtc(float probability, float threshold, nuint minimumKept, uint seed);

    private delegate nint InitTemperature(float temperature);

    private delegate nint InitMirostat(uint seed, float tau, float eta);

    private delegate nint InitPenalties(int vocabularySize, int window, float repetition, float frequency, float presence);

    private delegate nint InitDry(
        nint vocabulary, float multiplier, float baseValue, int allowedLength, int window, nint[] breakers, nuint breakerCount);

    private delegate nint GetVocabulary(nint model);

    public LibraryChain Penalties(int vocabularySize, int window, float repetition, float frequency, float presence) =>
        With(Import<InitPenalties>("llama_sampler_init_penalties")(vocabularySize, window, repetition, frequency, presence));

    public LibraryChain TopK(int count) => With(Import<InitTopK>("llama_sampler_init_top_k")(count));

    public LibraryChain TopP(float probability) => With(Import<InitWithProbability>("llama_sampler_init_top_p")(probability, 1));

    public LibraryChain MinP(float probability) => With(Import<InitWithProbability>("llama_sampler_init_min_p")(probability, 1));

    public LibraryChain Typical(float probability) => With(Import<InitWithProbability>("llama_sampler_init_typical")(probability, 1));

    public LibraryChain Xtc(float probability, float threshold) =>
        With(Import<InitXtc>("llama_sampler_init_xtc")(probability, threshold, 1, 1));

    public LibraryChain Temperature(float temperature) => With(Import<InitTemperature>("llama_sampler_init_temp")(temperature));

    public LibraryChain Mirostat(float tau, float eta) => With(Import<InitMirostat>("llama_sampler_init_mirostat_v2")(1, tau, eta));

    public LibraryChain Dry(LlamaModelHandle model, float multiplier, float baseValue, int allowedLength, int window, params string[] breakers)
    {
        nint[] texts = [.. breakers.Select(Marshal.StringToCoTaskMemUTF8)];
        nint sampler = Import<InitDry>("llama_sampler_init_dry")(
            Import<GetVocabulary>("llama_model_get_vocab")(model.DangerousGetHandle()),
            multiplier,
            baseValue,
            allowedLength,
            window,
            texts,
            (nuint)texts.Length);
        Array.ForEach(texts, Marshal.FreeCoTaskMem);
        return With(sampler);
    }

    /// <summary>Runs the chain. Returns the logits of the remaining candidates, by token.</summary>
    public Dictionary<int, float> Apply(ReadOnlySpan<float> logits)
    {
        var candidates = new Candidate[logits.Length];
        for (int token = 0; token < logits.Length; token++)
        {
            candidates[token] = new Candidate { Token = token, Logit = logits[token] };
        }

        GCHandle pin = GCHandle.Alloc(candidates, GCHandleType.Pinned);
        try
        {
            nint start = pin.AddrOfPinnedObject();
            var array = new CandidateArray { Data = start, Size = (nuint)candidates.Length, Selected = -1 };
            Import<ApplyTo>("llama_sampler_apply")(_chain, ref array);
            int first = (int)(array.Data - start) / Marshal.SizeOf<Candidate>(); // XTC moves the start
            return candidates.Skip(first).Take((int)array.Size).ToDictionary(candidate => candidate.Token, candidate => candidate.Logit);
        }
        finally
        {
            pin.Free();
        }
    }

    public void Accept(int token) => Import<AcceptToken>("llama_sampler_accept")(_chain, token);

    public void Dispose() => Import<Release>("llama_sampler_free")(_chain);

    private LibraryChain With(nint sampler)
    {
        Import<Add>("llama_sampler_chain_add")(_chain, sampler);
        return this;
    }

    private static T Import<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(Library, name));

    [StructLayout(LayoutKind.Sequential)]
    private struct Candidate
    {
        public int Token;
        public float Logit;
        public float Probability;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CandidateArray
    {
        public nint Data;
        public nuint Size;
        public long Selected;
        public byte IsSorted;
    }
}
