namespace Orchard.Remote.Requests;

/// <summary>
/// What a kind of server supports, and how it writes it. A name of a field is null if the server has no such field. Immutable.
/// </summary>
internal sealed record ServerProfile
{
    private static readonly Dictionary<RemoteKind, ServerProfile> All = new ServerProfile[]
    {
        new()
        {
            Kind = RemoteKind.Vllm,
            WideSeeds = true,
            Title = "vLLM",
            TopK = "top_k",
            MinP = "min_p",
            RepetitionPenalty = "repetition_penalty",
            LogitBias = true,
            IncludeStop = "include_stop_str_in_output",
            IgnoreEnd = true,
            Formats = FormatFields.Vllm,
            Candidates = true,
            Logprobs = true,
            NoCache = "cache_salt",
            ChatTemplate = true,
            TemplateVariables = true,
            NamedChoice = true,
            Reasoning = ReasoningFields.Variables,
            NormalizeField = "normalize",
            Truncates = true,
            Reranks = true,
            Tokens = TokenRoutes.Vllm,
        },
        new()
        {
            Kind = RemoteKind.SgLang,
            Title = "SGLang",
            TopK = "top_k",
            AllTokens = -1,
            MinP = "min_p",
            RepetitionPenalty = "repetition_penalty",
            LogitBias = true,
            IncludeStop = "no_stop_trim",
            IgnoreEnd = true,
            Formats = FormatFields.SgLang,
            Candidates = true,
            Logprobs = true,
            TemplateVariables = true,
            NamedChoice = true,
            Reasoning = ReasoningFields.Variables,
            Reranks = true,
            Tokens = TokenRoutes.SgLang,
        },
        new()
        {
            Kind = RemoteKind.LlamaServer,
            WideSeeds = true,
            Title = "llama-server",
            TopK = "top_k",
            MinP = "min_p",
            TypicalP = "typical_p",
            RepetitionPenalty = "repeat_penalty",
            PenaltyWindow = "repeat_last_n",
            LogitBias = true,
            Samplers = true,
            IgnoreEnd = true,
            Formats = FormatFields.Grammar,
            Candidates = true,
            Logprobs = true,
            LogprobsWithTools = false,
            NoCache = "cache_prompt",
            TemplateVariables = true,
            Reasoning = ReasoningFields.Variables,
            NormalizeField = "embd_normalize",
            Reranks = true,
            Tokens = TokenRoutes.LlamaServer,
        },
        new()
        {
            Kind = RemoteKind.Ollama,
            Title = "Ollama",
            MaxTokens = "max_tokens",
            Logprobs = true,
            ToolChoices = false,
            Reasoning = ReasoningFields.Effort,
            Truncates = true,
            Loads = true,
        },
        new()
        {
            Kind = RemoteKind.LmStudio,
            Title = "LM Studio",
            MaxTokens = "max_tokens",
            TopK = "top_k",
            RepetitionPenalty = "repeat_penalty",
            LogitBias = true,
            JsonObjectAsSchema = true,
            Reasoning = ReasoningFields.Effort,
        },
        new()
        {
            Kind = RemoteKind.OpenAI,
            WideSeeds = true,
            Title = "a server of OpenAI's API",
            LogitBias = true,
            MaxStops = 4,
            Candidates = true,
            Logprobs = true,
            NamedChoice = true,
            Reasoning = ReasoningFields.Effort,
            ReasoningInHistory = false,
        },
        new()
        {
            Kind = RemoteKind.Orchard,
            WideSeeds = true,
            Title = "Orchard.Server",
            TopK = "top_k",
            MinP = "min_p",
            TypicalP = "typical_p",
            RepetitionPenalty = "repeat_penalty",
            PenaltyWindow = "repeat_last_n",
            LogitBias = true,
            Samplers = true,
            IncludeStop = "include_stop_str_in_output",
            IgnoreEnd = true,
            Formats = FormatFields.Orchard,
            Candidates = true,
            Logprobs = true,
            Deterministic = true,
            NoCache = "cache_prompt",
            ChatTemplate = true,
            TemplateVariables = true,
            NamedChoice = true,
            CallCounts = true,
            Reasoning = ReasoningFields.Orchard,
            KeepAlive = true,
            Pooling = true,
            Truncates = true,
            Reranks = true,
            Loads = true,
            Tokens = TokenRoutes.Orchard,
        },
    }.ToDictionary(static profile => profile.Kind);

    /// <summary>The kind.</summary>
    public required RemoteKind Kind { get; init; }

    /// <summary>The kind's name, for messages.</summary>
    public required string Title { get; init; }

    public string MaxTokens { get; init; } = "max_completion_tokens";

    public string? TopK { get; init; }

    /// <summary>The value of <see cref="TopK"/> for all tokens.</summary>
    public int AllTokens { get; init; }

    public string? MinP { get; init; }

    public string? TypicalP { get; init; }

    public string? RepetitionPenalty { get; init; }

    public string? PenaltyWindow { get; init; }

    public bool LogitBias { get; init; }

    /// <summary>Whether seeds can have 32 bits, rather than 31.</summary>
    public bool WideSeeds { get; init; }

    /// <summary>Whether there are Mirostat, DRY and XTC.</summary>
    public bool Samplers { get; init; }

    /// <summary>The most stop sequences; more are found by the client.</summary>
    public int MaxStops { get; init; } = int.MaxValue;

    /// <summary>The field for answers that include their stop sequence.</summary>
    public string? IncludeStop { get; init; }

    public bool IgnoreEnd { get; init; }

    /// <summary>How grammars and regular expressions are written.</summary>
    public FormatFields Formats { get; init; }

    /// <summary>Whether any JSON object has to be written as a schema.</summary>
    public bool JsonObjectAsSchema { get; init; }

    /// <summary>Whether there can be several answers.</summary>
    public bool Candidates { get; init; }

    public bool Logprobs { get; init; }

    /// <summary>Whether log probabilities can be streamed where there are tools.</summary>
    public bool LogprobsWithTools { get; init; } = true;

    public bool Deterministic { get; init; }

    /// <summary>The field that keeps a prompt out of the prefix cache.</summary>
    public string? NoCache { get; init; }

    public bool ChatTemplate { get; init; }

    public bool TemplateVariables { get; init; }

    /// <summary>Whether the model can be made to call tools.</summary>
    public bool ToolChoices { get; init; } = true;

    /// <summary>Whether a tool can be named as the choice; otherwise it is sent as the only tool.</summary>
    public bool NamedChoice { get; init; }

    /// <summary>Whether the number of calls can be limited to other numbers than one.</summary>
    public bool CallCounts { get; init; }

    /// <summary>How reasoning is switched.</summary>
    public ReasoningFields Reasoning { get; init; }

    /// <summary>Whether the reasoning of earlier turns is sent.</summary>
    public bool ReasoningInHistory { get; init; } = true;

    public bool KeepAlive { get; init; }

    /// <summary>Whether the pooling of embeddings can be chosen.</summary>
    public bool Pooling { get; init; }

    /// <summary>The field for embeddings that are not normalized.</summary>
    public string? NormalizeField { get; init; }

    /// <summary>Whether texts that are too long to embed can be cut off.</summary>
    public bool Truncates { get; init; }

    public bool Reranks { get; init; }

    /// <summary>The routes for tokens.</summary>
    public TokenRoutes Tokens { get; init; }

    /// <summary>Whether the server loads models when it is asked to, by Ollama's API.</summary>
    public bool Loads { get; init; }

    /// <summary>Returns the profile of a kind.</summary>
    public static ServerProfile Of(RemoteKind kind) => All[kind];
}
