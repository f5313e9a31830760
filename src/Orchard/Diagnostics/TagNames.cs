namespace Orchard.Diagnostics;

/// <summary>Attribute names of spans and instruments. They follow OpenTelemetry's semantic conventions where those define one.</summary>
internal static class TagNames
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string MaxTokens = "gen_ai.request.max_tokens";
    public const string Temperature = "gen_ai.request.temperature";
    public const string TopP = "gen_ai.request.top_p";
    public const string TopK = "gen_ai.request.top_k";
    public const string FrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string PresencePenalty = "gen_ai.request.presence_penalty";
    public const string ChoiceCount = "gen_ai.request.choice.count";
    public const string Seed = "gen_ai.request.seed";
    public const string StopSequences = "gen_ai.request.stop_sequences";
    public const string IsStream = "gen_ai.request.stream";
    public const string OutputType = "gen_ai.output.type";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string CachedTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string ErrorType = "error.type";

    /// <summary>Kind of the counted tokens: <c>input</c>, <c>output</c>, or <c>cached</c>, which is a part of the input.</summary>
    public const string TokenType = "orchard.token.type";

    /// <summary>
    /// Outcome of a call: <c>completed</c>, <c>failed</c>, <c>cancelled</c>, or <c>abandoned</c> when the caller stopped reading early.
    /// </summary>
    public const string Outcome = "orchard.outcome";

    /// <summary>Number of conversations in a call.</summary>
    public const string Conversations = "orchard.conversations";

    /// <summary>Index of the conversation within its call, from 0.</summary>
    public const string Conversation = "orchard.conversation.index";

    /// <summary>Index of the candidate within its conversation, from 0.</summary>
    public const string Candidate = "orchard.candidate.index";

    /// <summary>Number of tokens processed in a phase.</summary>
    public const string TokenCount = "orchard.token.count";

    /// <summary>Process id of the engine.</summary>
    public const string EngineProcess = "orchard.engine.process_id";

    /// <summary>Identity of a model, see <see cref="ModelInfo.Id"/>.</summary>
    public const string ModelId = "orchard.model.id";

    /// <summary>Name of a <see cref="ModelRoute"/>.</summary>
    public const string RouteName = "orchard.route.name";

    /// <summary>Where a call of a route goes: <c>local</c> or <c>remote</c>.</summary>
    public const string RouteTarget = "orchard.route.target";

    /// <summary>Why, as <see cref="Orchard.RouteReason"/> in snake case.</summary>
    public const string RouteReason = "orchard.route.reason";

    /// <summary>Seconds that a call of a route was expected to wait in the queue of the local model.</summary>
    public const string RouteQueueTime = "orchard.route.expected_queue_time";
}
