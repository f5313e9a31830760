using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>A loaded model: weights and vocabulary. Thread-safe.</summary>
internal sealed unsafe class LlamaModelHandle : LlamaHandle
{
    private const int LoadModeNone = 0; // LLAMA_LOAD_MODE_NONE
    private const int LoadModeLock = 2;
    private const int LoadModeMapAndLock = 3;

    private readonly nint _vocabulary;
    private readonly bool _hasSpecialTokens;

    private LlamaModelHandle(nint handle)
        : base(handle)
    {
        _vocabulary = handle == 0 ? 0 : LlamaApi.llama_model_get_vocab(this);
        VocabularySize = handle == 0 ? 0 : LlamaApi.llama_vocab_n_tokens(_vocabulary);
        _hasSpecialTokens = handle != 0 && HasSpecialTokens;
    }

    public int VocabularySize { get; }

    /// <summary>Context length that the model was trained for, in tokens.</summary>
    public int TrainedContextLength => LlamaApi.llama_model_n_ctx_train(this);

    public long ParameterCount => checked((long)LlamaApi.llama_model_n_params(this));

    /// <summary>Number of dimensions of an embedding.</summary>
    public int EmbeddingLength => LlamaApi.llama_model_n_embd_out(this);

    /// <summary>Number of dimensions of an embedding that takes the place of a token.</summary>
    public int InputEmbeddingLength => LlamaApi.llama_model_n_embd_inp(this);

    /// <summary>Number of outputs of the classification head.</summary>
    public int ClassifierLength => checked((int)LlamaApi.llama_model_n_cls_out(this));

    /// <summary>False for encoders and encoder-decoder models, which this engine does not support.</summary>
    public bool IsDecoderOnly => LlamaApi.llama_model_has_decoder(this) && !LlamaApi.llama_model_has_encoder(this);

    /// <summary>
    /// Loads a model file synchronously. If it fails, the result is invalid and <paramref name="problem"/> has the reason.
    /// </summary>
    /// <param name="paths">Paths of the file, or of all parts of a split model in their order.</param>
    /// <param name="settings">How to load it.</param>
    /// <param name="progress">
    /// Called on this thread with the loaded fraction, 0 to 1. Returning false aborts. An exception aborts as well and is rethrown.
    /// </param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public static LlamaModelHandle Load(
        IReadOnlyList<string> paths, LlamaModelSettings settings, Func<float, bool> progress, out string problem)
    {
        _ = LlamaLibrary.Load();
        var state = new LoadProgress(progress);
        GCHandle pin = GCHandle.Alloc(state);
        try
        {
            LlamaModelParams parameters = LlamaApi.llama_model_default_params();
            parameters.ProgressCallback = (nint)(delegate* unmanaged[Cdecl]<float, void*, byte>)&LoadProgress.OnProgress;
            parameters.ProgressCallbackUserData = GCHandle.ToIntPtr(pin);
            parameters.LoadMode = (settings.MapsFile, settings.LocksMemory) switch
            {
                (true, false) => parameters.LoadMode,
                (false, false) => LoadModeNone,
                (false, true) => LoadModeLock,
                (true, true) => LoadModeMapAndLock,
            };
            parameters.GpuLayerCount = settings.GpuLayers ?? parameters.GpuLayerCount;
            using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
            nint* devices = stackalloc nint[settings.Devices.Count + 1];
            if (settings.Devices.Count > 0)
            {
                LlamaDevices.Find(settings.Devices, new Span<nint>(devices, settings.Devices.Count));
            }

            devices[settings.Devices.Count] = 0;
            parameters.Devices = settings.Devices.Count > 0 || settings.AvoidsDevices ? (nint)devices : 0;
            float[] split = CreateSplit(settings.LayersOfDevices);
            using var experts = new NativeTexts(ExpertsOf(settings.HostExperts));
            LlamaTensorOverride* onHost = stackalloc LlamaTensorOverride[2];
            onHost[0] = new LlamaTensorOverride
            {
                Pattern = (nint)experts.Pointers[0],
                BufferType = LlamaApi.ggml_backend_cpu_buffer_type(),
            };
            onHost[1] = default;
            parameters.TensorBufferTypeOverrides = settings.HostExperts > 0 ? (nint)onHost : 0;
            using var files = new NativeTexts(paths);
            LlamaModelHandle model;
            fixed (float* splitStart = split)
            fixed (LlamaKeyValueOverride* overrides = LlamaKeyValueOverride.Create(settings.Overrides))
            {
                parameters.KeyValueOverrides = (nint)overrides;
                parameters.TensorSplit = settings.LayersOfDevices.Count > 0 ? (nint)splitStart : 0;
                model = new LlamaModelHandle(LlamaApi.llama_model_load_from_splits(files.Pointers, (nuint)paths.Count, parameters));
            }

            if (state.HasFailed)
            {
                model.Dispose();
                state.Rethrow();
            }

            problem = log.Text;
            return model;
        }
        finally
        {
            pin.Free();
        }
    }

    // As long as the library expects it.
    private static float[] CreateSplit(IReadOnlyList<int> layers)
    {
        float[] split = new float[Math.Max((int)LlamaApi.llama_max_devices(), layers.Count)];
        for (int i = 0; i < layers.Count; i++)
        {
            split[i] = layers[i];
        }

        return split;
    }

    private static string[] ExpertsOf(int layers) =>
        [$@"^blk\.({string.Join('|', Enumerable.Range(0, Math.Max(layers, 1)))})\.ffn_.*_(ch|)exps\."];

    /// <summary>
    /// Whether the library can add the special tokens that the model asks for. If the vocabulary lacks one, the library ends the process.
    /// </summary>
    private bool HasSpecialTokens =>
        (LlamaApi.llama_vocab_bos(_vocabulary) >= 0 || !LlamaApi.llama_vocab_get_add_bos(_vocabulary))
        && (LlamaApi.llama_vocab_eos(_vocabulary) >= 0 || !LlamaApi.llama_vocab_get_add_eos(_vocabulary))
        && (LlamaApi.llama_vocab_sep(_vocabulary) >= 0 || !LlamaApi.llama_vocab_get_add_sep(_vocabulary));

    /// <summary>
    /// Tokenizes text. Returns the number of tokens, the negated number if <paramref name="tokens"/> is too small, or <see
    /// cref="int.MinValue"/> on overflow.
    /// </summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="addSpecial">Whether to add BOS and EOS tokens if the model requires them.</param>
    /// <param name="parseSpecial">Whether control tokens written in the text become control tokens.</param>
    public int Tokenize(ReadOnlySpan<byte> text, Span<int> tokens, bool addSpecial = true, bool parseSpecial = true)
    {
        using Borrowed borrowed = Borrow();
        fixed (byte* textStart = text)
        fixed (int* tokenStart = tokens)
        {
            byte nothing = 0; // the library does not accept null for an empty text
            return LlamaApi.llama_tokenize(
                _vocabulary,
                textStart == null ? &nothing : textStart,
                text.Length,
                tokenStart,
                tokens.Length,
                addSpecial && _hasSpecialTokens,
                parseSpecial);
        }
    }

    /// <summary>Writes the text of tokens. Returns the number of bytes, negated if <paramref name="text"/> is too small.</summary>
    /// <param name="tokens">Tokens of the vocabulary.</param>
    /// <param name="text">Receives UTF-8.</param>
    /// <param name="special">Whether the texts of control tokens are included.</param>
    public int Detokenize(ReadOnlySpan<int> tokens, Span<byte> text, bool special)
    {
        using Borrowed borrowed = Borrow();
        fixed (int* tokenStart = tokens)
        fixed (byte* textStart = text)
        {
            return LlamaApi.llama_detokenize(
                _vocabulary, tokenStart, tokens.Length, textStart, text.Length, removeSpecial: !special, unparseSpecial: special);
        }
    }

    /// <summary>Joins the tokens of a query and a document with the special tokens that rerankers are trained on.</summary>
    public int[] JoinForRanking(ReadOnlySpan<int> query, ReadOnlySpan<int> document)
    {
        using Borrowed borrowed = Borrow();
        int end = LlamaApi.llama_vocab_eos(_vocabulary);
        int separator = LlamaApi.llama_vocab_sep(_vocabulary);
        end = end >= 0 ? end : separator;
        int[] begin = LlamaApi.llama_vocab_get_add_bos(_vocabulary) && BeginToken is { } first ? [first] : [];
        int[] endings = LlamaApi.llama_vocab_get_add_eos(_vocabulary) && end >= 0 ? [end] : [];
        int[] separators = LlamaApi.llama_vocab_get_add_sep(_vocabulary) && separator >= 0 ? [separator] : [];
        return [.. begin, .. query, .. endings, .. separators, .. document, .. endings.Length > 0 ? endings : separators];
    }

    /// <summary>
    /// Writes the bytes of a token; control tokens have none, unless <paramref name="special"/> is true. Returns their number, negated if
    /// <paramref name="destination"/> is too small.
    /// </summary>
    public int GetPiece(int token, Span<byte> destination, bool special = false)
    {
        using Borrowed borrowed = Borrow();
        fixed (byte* start = destination)
        {
            return LlamaApi.llama_token_to_piece(_vocabulary, token, start, destination.Length, leadingSpacesToSkip: 0, special);
        }
    }

    public bool IsEndOfGeneration(int token)
    {
        using Borrowed borrowed = Borrow();
        return LlamaApi.llama_vocab_is_eog(_vocabulary, token);
    }

    /// <summary>Whether sequences have a recurrent state, which cannot be rewound, instead of or in addition to a KV cache.</summary>
    public bool IsRecurrent => LlamaApi.llama_model_is_recurrent(this) || LlamaApi.llama_model_is_hybrid(this);

    /// <summary>Whether a recurrent state is all that sequences have: there is no KV cache.</summary>
    public bool IsOnlyRecurrent => LlamaApi.llama_model_is_recurrent(this) && !LlamaApi.llama_model_is_hybrid(this);

    /// <summary>Number of tokens that the layers with a sliding window attend to; 0 if the model has no such layers.</summary>
    public int SlidingWindow => LlamaApi.llama_model_n_swa(this);

    /// <summary>Returns what the library has decided about a token.</summary>
    public TokenAttributes GetAttributes(int token)
    {
        using Borrowed borrowed = Borrow();
        return (TokenAttributes)LlamaApi.llama_vocab_get_attr(_vocabulary, token);
    }

    /// <summary>The BOS token; null if the model has none.</summary>
    public int? BeginToken
    {
        get
        {
            using Borrowed borrowed = Borrow();
            return LlamaApi.llama_vocab_bos(_vocabulary) is >= 0 and var token ? token : null;
        }
    }

    /// <summary>Whether texts begin with the BOS token.</summary>
    public bool AddsBegin
    {
        get
        {
            using Borrowed borrowed = Borrow();
            return LlamaApi.llama_vocab_get_add_bos(_vocabulary);
        }
    }

    /// <summary>The token that the tokenizer appends to texts, EOS or a separator; null if it appends none.</summary>
    public int? AppendedToken
    {
        get
        {
            Span<int> tokens = stackalloc int[4];
            int count = Tokenize([], tokens);
            return count > (AddsBegin ? 1 : 0) ? tokens[count - 1] : null;
        }
    }

    /// <summary>Text of the BOS token; null if the model has none.</summary>
    public string? BeginText
    {
        get
        {
            using Borrowed borrowed = Borrow();
            return GetText(LlamaApi.llama_vocab_bos(_vocabulary));
        }
    }

    /// <summary>The EOS token; null if the model has none.</summary>
    public int? EndToken
    {
        get
        {
            using Borrowed borrowed = Borrow();
            return LlamaApi.llama_vocab_eos(_vocabulary) is >= 0 and var token ? token : null;
        }
    }

    /// <summary>Text of the EOS token; null if the model has none.</summary>
    public string? EndText
    {
        get
        {
            using Borrowed borrowed = Borrow();
            return GetText(LlamaApi.llama_vocab_eos(_vocabulary));
        }
    }

    /// <summary>
    /// Loads a LoRA adapter, which is freed with the model. Returns 0 on failure, with the reason in <paramref name="problem"/>.
    /// </summary>
    public nint LoadAdapter(string path, out string problem)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        nint adapter = LlamaApi.llama_adapter_lora_init(this, path);
        problem = log.Text;
        return adapter;
    }

    /// <summary>Returns the text of a token in the vocabulary, including control tokens; null if there is none.</summary>
    public string? GetText(int token)
    {
        using Borrowed borrowed = Borrow();
        return token >= 0 && token < VocabularySize
            ? Marshal.PtrToStringUTF8((nint)LlamaApi.llama_vocab_get_text(_vocabulary, token))
            : null;
    }

    protected override void Free(nint native) => LlamaApi.llama_model_free(native);
}
