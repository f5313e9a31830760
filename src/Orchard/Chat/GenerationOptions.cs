using System.Text.Json.Nodes;
using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Validation;

namespace Orchard;

/// <summary>How to generate. Immutable; share one instance between calls and threads.</summary>
public sealed record GenerationOptions
{
    /// <summary>The largest value <see cref="MaxTokens"/> takes.</summary>
    public const int MaxTokensLimit = 1 << 20;

    /// <summary>The largest value <see cref="PenaltyWindow"/> takes.</summary>
    public const int PenaltyWindowLimit = 1 << 16;

    /// <summary>The largest value <see cref="CandidateCount"/> and <see cref="BestOf"/> take.</summary>
    public const int CandidateLimit = 128;

    private static readonly IReadOnlyDictionary<int, double> EmptyBias = new Dictionary<int, double>().AsReadOnly();

    private static readonly IReadOnlyDictionary<string, JsonNode?> NoVariables = new Dictionary<string, JsonNode?>().AsReadOnly();

    internal static GenerationOptions Default { get; } = new();

    /// <summary>Most tokens to generate, 1 to 1,048,576 (default: null, until the model stops or its context is full).</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// Randomness, 0 to 10 (default: 0). 0 always takes the likeliest token; about 0.7 suits open conversation.
    /// </summary>
    public double Temperature { get; init; }

    /// <summary>Sample among the likeliest tokens that together reach this probability, above 0 to 1 (default: 1, all).</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Sample among this many likeliest tokens, 1 or more (default: null, all).</summary>
    public int? TopK { get; init; }

    /// <summary>Drop tokens less likely than this fraction of the likeliest one, 0 to 1 (default: 0, none).</summary>
    public double MinP { get; init; }

    /// <summary>
    /// Sample among the tokens whose surprise is nearest to the expected one and that together reach this probability, above 0 to 1
    /// (default: 1, all).
    /// </summary>
    public double TypicalP { get; init; } = 1;

    /// <summary>
    /// Divides the logits of tokens that were generated already, or multiplies negative ones, above 0 to 10 (default: 1, off). Above 1
    /// repetition is less likely. Looks at <see cref="PenaltyWindow"/>.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// Taken off a token's logit for every time it was generated already, -2 to 2 (default: 0, off; the range is OpenAI's). Looks at
    /// <see cref="PenaltyWindow"/>.
    /// </summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>
    /// Taken off a token's logit when it was generated already, -2 to 2 (default: 0, off; the range is OpenAI's). Looks at
    /// <see cref="PenaltyWindow"/>.
    /// </summary>
    public double PresencePenalty { get; init; }

    /// <summary>
    /// How many of the last generated tokens the three penalties look at, 0 to 65,536 (default: 64, as llama.cpp); 0 switches them off.
    /// Tokens of the prompt do not count.
    /// </summary>
    public int PenaltyWindow { get; init; } = 64;

    /// <summary>
    /// Added to the logits of tokens, by token id, each -100 to 100 (default: none; the range is OpenAI's). -100 rules a token out in
    /// practice, 100 all others.
    /// </summary>
    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = EmptyBias;

    /// <summary>Holds the surprise of the text at a level (default: null, off).</summary>
    public MirostatOptions? Mirostat { get; init; }

    /// <summary>Penalty for repeating sequences of tokens (default: null, off).</summary>
    public DryOptions? Dry { get; init; }

    /// <summary>Leaves out the most probable tokens now and then (default: null, off).</summary>
    public XtcOptions? Xtc { get; init; }

    /// <summary>Seed of the sampler (default: null, a new one each call). The same seed, prompt and options give the same text.</summary>
    public uint? Seed { get; init; }

    /// <summary>Texts that end the answer where they appear; they are not part of it unless <see cref="KeepStopString"/> (default: none). Not empty, at most 64.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Whether the stop string that ended the answer stays at its end (default: false).</summary>
    public bool KeepStopString { get; init; }

    /// <summary>
    /// Whether to go on where the model would end its turn, up to <see cref="MaxTokens"/> or a full context (default: false). Its end
    /// tokens are then never chosen.
    /// </summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>
    /// What the answer must look like (default: any text). Anything but text goes neither with <see cref="StopStrings"/>, which would cut
    /// it, nor with <see cref="IgnoreEndOfSequence"/>, since a format says where an answer ends. With <see cref="Tools"/>, a turn is either
    /// an answer of the format or calls, and calls alone where <see cref="ToolChoice"/> asks for them.
    /// </summary>
    public ResponseFormat ResponseFormat { get; init; } = ResponseFormat.Text;

    /// <summary>Answers to give for each conversation, 1 to 128 (default: 1). Each has a seed of its own.</summary>
    public int CandidateCount { get; init; } = 1;

    /// <summary>
    /// Answers to generate for each conversation, of which the <see cref="CandidateCount"/> with the largest cumulative log probability
    /// are given, best first; <see cref="CandidateCount"/> to 128 (default: null, as many as are given). Not for streams.
    /// </summary>
    public int? BestOf { get; init; }

    /// <summary>Whether to tell the log probability of every token (default: false).</summary>
    public bool Logprobs { get; init; }

    /// <summary>
    /// How many of the likeliest tokens to tell at every place, 0 to 20 (default: 0; the range is OpenAI's). More than 0 implies
    /// <see cref="Logprobs"/>.
    /// </summary>
    public int TopLogprobs { get; init; }

    /// <summary>Whether the same request must give the same text whatever runs beside it, at some cost of speed (default: false).</summary>
    public bool Deterministic { get; init; }

    /// <summary>
    /// Whether prompt tokens may come from the engine's prefix cache and go into it (default: true). False keeps the prompt out of it.
    /// </summary>
    public bool PrefixCache { get; init; } = true;

    /// <summary>
    /// LoRA adapters to generate with, at most 16 (default: none). Answers with different adapters share a model, but not a decode step:
    /// many of them at once are slower than many alike.
    /// </summary>
    public IReadOnlyList<LoraAdapter> LoraAdapters { get; init; } = [];

    /// <summary>
    /// The chat template that writes the prompt: the name of one that the model has, such as <c>tool_use</c>, or a Jinja template as text
    /// (default: null, the model's own; ChatML when it has none).
    /// </summary>
    public string? ChatTemplate { get; init; }

    /// <summary>
    /// Further variables of the chat template, by name (default: none): what the model's template documents, such as <c>date_string</c>
    /// or <c>documents</c>, or another value for what it has already, such as <c>bos_token</c> or <c>add_generation_prompt</c>. What
    /// looks like a control token in them stays text. At most 256; whole numbers have 64 bits.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode?> TemplateVariables { get; init; } = NoVariables;

    /// <summary>The functions that the model may ask to have called (default: none), at most 1,024, with different names.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether the model may, must or must not call one of the <see cref="Tools"/> (default: <see cref="ToolChoice.Auto"/>).</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Fewest calls in an answer that has calls, 1 to 128 (default: 1).</summary>
    public int MinToolCalls { get; init; } = 1;

    /// <summary>Most calls in one answer, <see cref="MinToolCalls"/> to 128 (default: null, any number); 1 rules parallel calls out.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Whether the model thinks before it answers, where its template has a switch for that (default: null, as the template says).</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>
    /// How much it thinks, where its template makes a difference (default: null, as the template says). Implies
    /// <see cref="EnableThinking"/>.
    /// </summary>
    public ThinkingEffort? ThinkingEffort { get; init; }

    internal bool WantsLogprobs => Logprobs || TopLogprobs > 0;

    /// <summary>Answers to generate for each conversation.</summary>
    internal int GeneratedCandidates => BestOf ?? CandidateCount;

    /// <summary>The same, with lists that nobody else holds.</summary>
    internal GenerationOptions Copy() => this with
    {
        StopStrings = StopStrings is { } stops ? [.. stops] : null!,
        LogitBias = LogitBias is { } bias ? new Dictionary<int, double>(bias) : null!,
        Dry = Dry?.Copy(),
        LoraAdapters = LoraAdapters is { } adapters ? [.. adapters] : null!,
        Tools = Tools is { Count: > 0 } tools ? [.. tools] : Tools,
        TemplateVariables = TemplateVariables is { Count: > 0 } variables
            ? variables.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone())
            : TemplateVariables,
    };

    /// <exception cref="ArgumentException">A value is outside its range. The message names option, value and range.</exception>
    internal void Validate()
    {
        if (MaxTokens is { } max)
        {
            OptionRange.Require(max is >= 1 and <= MaxTokensLimit, max, "1 to 1048576, or null to generate until the model stops", nameof(MaxTokens));
        }

        ValidateSampling();
        ValidateCandidates();
        ValidateTemplate();
        ValidateAdapters();
        ValidateFormat();
        ToolRules.Check(this);
        OptionRange.Require(StopStrings is { Count: <= 64 }, StopStrings?.Count, "at most 64 texts, not null", nameof(StopStrings));
        foreach (string stop in StopStrings!)
        {
            if (string.IsNullOrEmpty(stop) || !Utf16.IsWellFormed(stop))
            {
                throw new ArgumentException("A stop string must be a text of at least one character without unpaired surrogates.", nameof(StopStrings));
            }
        }
    }

    private void ValidateFormat()
    {
        ArgumentNullException.ThrowIfNull(ResponseFormat);
        if (ResponseFormat.IsConstrained && StopStrings is { Count: > 0 })
        {
            throw new ArgumentException(
                $"StopStrings could cut an answer of the format '{ResponseFormat.Type}' in its middle; leave them out, since the format says where it ends.",
                nameof(StopStrings));
        }

        if (ResponseFormat.IsConstrained && IgnoreEndOfSequence)
        {
            throw new ArgumentException(
                $"IgnoreEndOfSequence cannot go with the format '{ResponseFormat.Type}', which says where the answer ends.", nameof(IgnoreEndOfSequence));
        }
    }

    private void ValidateSampling()
    {
        OptionRange.Require(Temperature is >= 0 and <= 10, Temperature, "0 to 10");
        OptionRange.Require(TopP is > 0 and <= 1, TopP, "above 0 to 1");
        OptionRange.Require(MinP is >= 0 and <= 1, MinP, "0 to 1");
        OptionRange.Require(TypicalP is > 0 and <= 1, TypicalP, "above 0 to 1");
        if (TopK is { } topK)
        {
            OptionRange.Require(topK >= 1, topK, "1 or more, or null to consider all tokens", nameof(TopK));
        }

        OptionRange.Require(RepetitionPenalty is > 0 and <= 10, RepetitionPenalty, "above 0 to 10");
        OptionRange.Require(FrequencyPenalty is >= -2 and <= 2, FrequencyPenalty, "-2 to 2");
        OptionRange.Require(PresencePenalty is >= -2 and <= 2, PresencePenalty, "-2 to 2");
        OptionRange.Require(PenaltyWindow is >= 0 and <= PenaltyWindowLimit, PenaltyWindow, "0 to 65536");
        OptionRange.Require(LogitBias is { Count: <= 4096 }, LogitBias?.Count, "at most 4096 tokens, not null", nameof(LogitBias));
        foreach ((int token, double bias) in LogitBias!)
        {
            OptionRange.Require(token >= 0, token, "token ids from 0", nameof(LogitBias));
            OptionRange.Require(bias is >= -100 and <= 100, bias, "-100 to 100", nameof(LogitBias));
        }

        Mirostat?.Validate();
        Dry?.Validate();
        Xtc?.Validate();
    }

    private void ValidateCandidates()
    {
        OptionRange.Require(CandidateCount is >= 1 and <= CandidateLimit, CandidateCount, "1 to 128");
        if (BestOf is { } bestOf)
        {
            OptionRange.Require(
                bestOf >= CandidateCount && bestOf <= CandidateLimit, bestOf, $"{CandidateCount} (CandidateCount) to 128", nameof(BestOf));
        }

        OptionRange.Require(TopLogprobs is >= 0 and <= 20, TopLogprobs, "0 to 20");
    }

    private void ValidateAdapters()
    {
        OptionRange.Require(LoraAdapters is { Count: <= 16 }, LoraAdapters?.Count, "at most 16 adapters, not null", nameof(LoraAdapters));
        foreach (LoraAdapter? adapter in LoraAdapters!)
        {
            (adapter ?? throw new ArgumentException("LoraAdapters has a null; allowed are adapters.", nameof(LoraAdapters))).Validate();
        }
    }

    private void ValidateTemplate()
    {
        if (ChatTemplate is { } template && (string.IsNullOrWhiteSpace(template) || !Utf16.IsWellFormed(template)))
        {
            throw new ArgumentException(
                $"ChatTemplate is '{template}'; allowed is the name of a template of the model, a Jinja template without unpaired surrogates, or null.", nameof(ChatTemplate));
        }

        OptionRange.Require(TemplateVariables is { Count: <= 256 }, TemplateVariables?.Count, "at most 256 variables, not null", nameof(TemplateVariables));
        foreach (string name in TemplateVariables!.Keys)
        {
            // Those two have places of their own.
            if (name.Length == 0 || name is "messages" or "tools")
            {
                throw new ArgumentException(
                    $"TemplateVariables has the name '{name}'; allowed is any but an empty one, 'messages' and 'tools'.", nameof(TemplateVariables));
            }
        }
    }
}
