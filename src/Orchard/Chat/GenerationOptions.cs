using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Orchard;

/// <summary>How to generate an answer. Immutable; one instance can be shared between calls and threads.</summary>
/// <remarks>
/// <para>
/// A sampling option that is null uses the value that the model file recommends (<see cref="ModelInfo.RecommendedSampling"/>). If the file
/// recommends none, it uses the default of llama.cpp, which is named with each option.
/// </para>
/// <para>Instances are compared by reference.</para>
/// </remarks>
public sealed record GenerationOptions
{
    /// <summary>The largest value of <see cref="MaxOutputTokens"/>.</summary>
    internal const int MaxOutputTokensLimit = 1 << 20;

    /// <summary>The largest value of <see cref="PenaltyWindow"/>.</summary>
    internal const int PenaltyWindowLimit = 1 << 16;

    /// <summary>The largest value of <see cref="CandidateCount"/> and <see cref="BestOf"/>.</summary>
    internal const int CandidateLimit = 128;

    private static readonly IReadOnlyDictionary<int, double> EmptyBias = new Dictionary<int, double>().AsReadOnly();

    private static readonly IReadOnlyDictionary<string, JsonNode?> NoVariables = new Dictionary<string, JsonNode?>().AsReadOnly();

    internal static GenerationOptions Default { get; } = new();

    /// <summary>
    /// Maximum number of tokens to generate, 1 to 1,048,576 (default: null, until the model ends its turn or the context is full).
    /// </summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Sampling temperature, 0 to 10 (default: null, the model's recommendation, else 0.8 as in llama.cpp). Higher values give more varied
    /// text; 0 always takes the most probable token.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>
    /// Top-p (nucleus) sampling: considers the most probable tokens whose probabilities add up to this value, 0 to 1; 1 considers
    /// all tokens, 0 only the most probable one (default: null, the model's recommendation, else 0.95 as in llama.cpp). Has no effect at
    /// temperature 0.
    /// </summary>
    public double? TopP { get; init; }

    /// <summary>
    /// Top-k sampling: considers this many of the most probable tokens, 0 or more; 0 considers all tokens (default: null, the model's
    /// recommendation, else 40 as in llama.cpp). Has no effect at temperature 0.
    /// </summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Min-p sampling: drops tokens whose probability is less than this fraction of the most probable token's, 0 to 1; 0 drops none
    /// (default: null, the model's recommendation, else 0.05 as in llama.cpp). Has no effect at temperature 0.
    /// </summary>
    public double? MinP { get; init; }

    /// <summary>
    /// Locally typical sampling: considers the tokens whose surprisal is closest to the expected one and whose probabilities add up to this
    /// value, above 0 to 1; 1 considers all tokens (default: null, which means 1 as in llama.cpp). Has no effect at temperature 0.
    /// </summary>
    public double? TypicalP { get; init; }

    /// <summary>
    /// Repetition penalty, above 0 to 10; 1 switches it off (default: null, the model's recommendation, else 1 as in llama.cpp). Divides
    /// the positive logits of tokens in the <see cref="PenaltyWindow"/> by this value and multiplies the negative ones by it; values
    /// above 1 make repetition less likely.
    /// </summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>
    /// Frequency penalty, -2 to 2, the range of OpenAI (default: null, which means 0, off, as in llama.cpp). Subtracted from a token's
    /// logit for each of its occurrences in the <see cref="PenaltyWindow"/>.
    /// </summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>
    /// Presence penalty, -2 to 2, the range of OpenAI (default: null, which means 0, off, as in llama.cpp). Subtracted once from the
    /// logit of each token that occurs in the <see cref="PenaltyWindow"/>.
    /// </summary>
    public double? PresencePenalty { get; init; }

    /// <summary>
    /// Number of most recently generated tokens that the three penalties consider, 0 to 65,536; 0 switches them off (default: null, the
    /// model's recommendation, else 64 as in llama.cpp). Tokens of the prompt are not considered.
    /// </summary>
    public int? PenaltyWindow { get; init; }

    /// <summary>
    /// Values to add to the logits of tokens, by token id, each -100 to 100, the range of OpenAI (default: none). -100 effectively excludes
    /// a token; 100 effectively excludes all others. At most 4,096 tokens.
    /// </summary>
    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = EmptyBias;

    /// <summary>
    /// Mirostat sampling, which replaces the other samplers (default: null, the model's recommendation, else off as in llama.cpp). A
    /// recommended Mirostat is ignored if any of <see cref="TopP"/>, <see cref="TopK"/>, <see cref="MinP"/>, <see cref="TypicalP"/> or
    /// <see cref="Xtc"/> is set.
    /// </summary>
    public MirostatOptions? Mirostat { get; init; }

    /// <summary>DRY sampling, a penalty for repeated sequences of tokens (default: null, off as in llama.cpp).</summary>
    public DryOptions? Dry { get; init; }

    /// <summary>
    /// XTC sampling, which removes top choices at random (default: null, the model's recommendation, else off as in llama.cpp). Has no
    /// effect at temperature 0.
    /// </summary>
    public XtcOptions? Xtc { get; init; }

    /// <summary>
    /// Seed of the random number generator (default: null, a different seed for each call). The same seed, prompt and options give the same
    /// text with <see cref="IsDeterministic"/>. Without it, requests that run at the same time change the last bits of probabilities, and
    /// with them, now and then, a token. Has no effect at temperature 0.
    /// </summary>
    public uint? Seed { get; init; }

    /// <summary>
    /// Strings that end the answer when they are generated, at most 64, each non-empty (default: none). The answer does not contain them
    /// unless <see cref="IncludeStopSequence"/> is set.
    /// </summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Whether the answer includes the stop sequence that ended it (default: false).</summary>
    public bool IncludeStopSequence { get; init; }

    /// <summary>
    /// Whether to continue past the model's end-of-turn tokens, until <see cref="MaxOutputTokens"/> or a full context (default: false). The
    /// model then never generates these tokens.
    /// </summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>
    /// Format of the answer (default: <see cref="ResponseFormat.Text"/>). Formats other than text cannot be combined with
    /// <see cref="StopSequences"/> or <see cref="IgnoreEndOfSequence"/>, because the format determines where the answer ends. With
    /// <see cref="Tools"/>, the model generates either an answer in this format or tool calls.
    /// </summary>
    public ResponseFormat ResponseFormat { get; init; } = ResponseFormat.Text;

    /// <summary>
    /// Number of answers to return for each conversation, 1 to 128 (default: 1). Each is generated with a different seed.
    /// </summary>
    public int CandidateCount { get; init; } = 1;

    /// <summary>
    /// Number of answers to generate for each conversation, <see cref="CandidateCount"/> to 128 (default: null, as many as are returned).
    /// The answers with the highest cumulative log probability are returned, best first. Not supported by streaming calls.
    /// </summary>
    public int? BestOf { get; init; }

    /// <summary>Whether to return the log probability of each generated token (default: false).</summary>
    public bool IncludeLogprobs { get; init; }

    /// <summary>
    /// Number of most probable tokens to return for each position, 0 to 20, the range of OpenAI (default: 0). A value above 0 implies
    /// <see cref="IncludeLogprobs"/>.
    /// </summary>
    public int TopLogprobs { get; init; }

    /// <summary>
    /// Whether the same request gives the same text regardless of other requests that run at the same time (default: false). Generation is
    /// somewhat slower.
    /// </summary>
    public bool IsDeterministic { get; init; }

    /// <summary>
    /// Whether the prompt can use the engine's prefix cache, in memory and on disk, and is added to it (default: true). Set it to false to
    /// keep a prompt out of the cache. <see cref="ModelOptions.KeepPrefixesOnDisk"/> decides about the disk for all prompts of a model.
    /// </summary>
    public bool UsePrefixCache { get; init; } = true;

    /// <summary>
    /// LoRA adapters to apply, at most 16 (default: none). Sequences with different adapters share a model but not a decode batch, so that
    /// many at the same time are slower than sequences with the same adapters.
    /// </summary>
    public IReadOnlyList<LoraAdapter> LoraAdapters { get; init; } = [];

    /// <summary>
    /// Chat template for the prompt: the name of one of the model's templates, such as <c>tool_use</c>, or a Jinja template as text
    /// (default: null, the model's main template; ChatML if the model has none).
    /// </summary>
    public string? ChatTemplate { get; init; }

    /// <summary>
    /// Additional variables for the chat template, by name, at most 256 (default: none). They can be variables that the model documents,
    /// such as <c>date_string</c> or <c>documents</c>, or override standard ones such as <c>bos_token</c> or
    /// <c>add_generation_prompt</c>. Control tokens in their text are treated as plain text. Integers have 64 bits.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode?> TemplateVariables { get; init; } = NoVariables;

    /// <summary>Tools that the model can call, at most 1,024 with distinct names (default: none).</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether the model can, must or must not call <see cref="Tools"/> (default: <see cref="ToolChoice.Auto"/>).</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Minimum number of tool calls in an answer that calls tools, 1 to 128 (default: 1).</summary>
    public int MinToolCalls { get; init; } = 1;

    /// <summary>
    /// Maximum number of tool calls in an answer, <see cref="MinToolCalls"/> to 128 (default: null, no limit). 1 prevents parallel calls.
    /// </summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>
    /// Whether the model reasons before it answers, for chat templates that can switch it on or off (default: null, the template's
    /// default).
    /// </summary>
    public bool? EnableReasoning { get; init; }

    /// <summary>
    /// How much the model reasons, for chat templates that support levels (default: null, the template's default). A value implies
    /// <see cref="EnableReasoning"/>.
    /// </summary>
    public ReasoningEffort? ReasoningEffort { get; init; }

    /// <summary>
    /// Receives how much of the prompt is computed, about ten times a second while that takes several steps (default: null, no reports). A
    /// short prompt has no report. Called on the thread pool, one report at a time; it may block, and misses reports then.
    /// </summary>
    public IProgress<PrefillProgress>? PrefillProgress { get; init; }

    /// <summary>
    /// Whether <see cref="EnableReasoning"/> and <see cref="ReasoningEffort"/> have no effect on a model whose chat template does not
    /// support them (default: false, such a call fails with <see cref="ChatTemplateException"/>). <see cref="ChatResult.IgnoredOptions"/>
    /// then lists them. For code that works with any model.
    /// </summary>
    public bool IgnoreUnsupportedReasoning { get; init; }

    /// <summary>
    /// How long the model stays loaded after the call, zero to unload it at once, <see cref="Timeout.InfiniteTimeSpan"/> to keep it
    /// (default: null, which means <see cref="ModelOptions.KeepAlive"/>). Has no effect with engines other than Orchard's.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    internal bool WantsLogprobs => IncludeLogprobs || TopLogprobs > 0;

    /// <summary>Number of answers to generate for each conversation.</summary>
    internal int GeneratedCandidates => BestOf ?? CandidateCount;

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(GenerationOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns a copy whose lists are not shared with the caller.</summary>
    internal GenerationOptions Copy() => this with
    {
        StopSequences = StopSequences is { } stops ? [.. stops] : null!,
        LogitBias = LogitBias is { } bias ? new Dictionary<int, double>(bias) : null!,
        Dry = Dry?.Copy(),
        LoraAdapters = LoraAdapters is { } adapters ? [.. adapters] : null!,
        Tools = Tools is { Count: > 0 } tools ? [.. tools] : Tools,
        TemplateVariables = TemplateVariables is { Count: > 0 } variables
            ? variables.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone())
            : TemplateVariables,
    };
}
