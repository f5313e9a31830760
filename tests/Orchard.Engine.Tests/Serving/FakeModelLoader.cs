using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Tests.Scheduling;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Loads models with scripted output, under the control of the test.</summary>
internal sealed class FakeModelLoader : IModelLoader, IDisposable
{
    /// <summary>The end of each prompt. Text after it is output.</summary>
    public const char PromptEnd = '>';

    private readonly SemaphoreSlim _gate;
    private int _loads;

    /// <param name="gated">Whether each load waits for <see cref="Release"/>.</param>
    public FakeModelLoader(bool gated = false) => _gate = new SemaphoreSlim(gated ? 0 : int.MaxValue);

    /// <summary>The output of each model.</summary>
    public string Answer { get; init; } = "Paris.";

    public bool GatesDecodes { get; init; }

    public int ContextLength { get; init; } = 256;

    /// <summary>The exception that inspecting throws, or null.</summary>
    public Exception? InspectFailure { get; set; }

    /// <summary>The exception that loading throws, or null.</summary>
    public Exception? LoadFailure { get; set; }

    /// <summary>The exception that tokenizing throws, or null.</summary>
    public Exception? TokenizeFailure { get; set; }

    /// <summary>Called with each text that is tokenized; may block.</summary>
    public Action<string>? Tokenizing { get; set; }

    /// <summary>Memory that models need, by their paths.</summary>
    public Func<string, ModelNeeds> NeedsOf { get; set; } = static _ => default;

    public long AvailableBytes { get; set; } = long.MaxValue;

    /// <summary>The settings of the last load.</summary>
    public ModelSettings? Requested { get; private set; }

    /// <summary>Called when a model has been disposed and its memory can be returned to the system.</summary>
    public Action ReturningMemory { get; set; } = static () => { };

    /// <summary>Called when a grammar is about to be used.</summary>
    public Action PreparingGrammars { get; init; } = static () => { };

    /// <summary>The embedder of each model; null for none.</summary>
    public ITextEmbedder? Embedder { get; init; }

    public int Loads => Volatile.Read(ref _loads);

    public ScriptedDecoder? Decoder { get; private set; }

    public List<SamplingParameters> Samplings { get; } = [];

    /// <summary>Lets one load continue.</summary>
    public void Release() => _gate.Release();

    public Task ReturnMemoryAsync(WeakReference model)
    {
        ReturningMemory();
        return Task.CompletedTask;
    }

    public ModelFileFacts Inspect(string path) => InspectFailure is { } failure ? throw failure : new ModelFileFacts("llama");

    public ModelNeeds Estimate(string path, ModelSettings settings) => NeedsOf(path);

    public async Task<LoadedModelHandle> LoadAsync(
        string path, ModelSettings settings, long memoryBytes, IProgress<float> progress, CancellationToken cancellationToken)
    {
        Requested = settings;
        Interlocked.Increment(ref _loads);
        await _gate.WaitAsync(cancellationToken);
        progress.Report(1);
        if (LoadFailure is { } failure)
        {
            throw failure;
        }

        Decoder = new ScriptedDecoder
        {
            NextToken = NextToken,
            IsGated = GatesDecodes,
            ContextLength = ContextLength,
            CreatingSampler = parameters =>
            {
                lock (Samplings)
                {
                    Samplings.Add(parameters);
                }
            },
        };
        var tokenizer = new Tokenizer(this);
        return new LoadedModelHandle
        {
            Tokenizer = tokenizer,
            Scheduler = new BatchScheduler(Decoder, tokenizer, Path.GetFileName(path)),
            VocabularySize = ScriptedTokenizer.VocabularySize,
            Embedder = Embedder,
            PrepareGrammars = PreparingGrammars,
            File = ModelFile.Examine(path, settings.MapsFile),
            Settings = new GrantedSettings(
                settings, settings.ContextLength ?? ContextLength, settings.Sequences ?? 32, settings.KeyType ?? CacheType.F16,
                settings.ValueType ?? CacheType.F16, settings.ContextLength is null ? ContextLimit.Model : ContextLimit.Option),
            ReservedBytes = memoryBytes,
            Description = new LoadedModel { MinimumMemoryBytes = 42, Facts = new ModelFacts { Architecture = "llama", ContextLength = ContextLength } },
        };
    }

    public void Dispose() => _gate.Dispose();

    private int NextToken(IReadOnlyList<int> held)
    {
        int promptEnd = held.ToList().IndexOf(PromptEnd);
        int generated = held.Count - 1 - promptEnd;
        return generated < Answer.Length ? Answer[generated] : ScriptedTokenizer.EndOfGeneration;
    }

    private sealed class Tokenizer(FakeModelLoader owner) : ITokenizer
    {
        private readonly ScriptedTokenizer _inner = new();

        public int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain) => Tokenize(utf8);

        public int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial) => Tokenize(utf8);

        public string Detokenize(ReadOnlySpan<int> tokens, bool special) => _inner.Detokenize(tokens, special);

        public int LongestToken => 1;

        public int[] Tokenize(ReadOnlySpan<byte> utf8)
        {
            owner.Tokenizing?.Invoke(System.Text.Encoding.UTF8.GetString(utf8));
            return owner.TokenizeFailure is { } failure ? throw failure : _inner.Tokenize(utf8);
        }

        public int GetBytes(int token, Span<byte> destination) => _inner.GetBytes(token, destination);

        public bool IsEndOfGeneration(int token) => _inner.IsEndOfGeneration(token);
    }
}
