using Orchard.Connection.Processes;

namespace Orchard.Diagnostics;

/// <summary>Names of attributes, those of OpenTelemetry's conventions where there is one.</summary>
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
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string CachedTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string ErrorType = "error.type";

    /// <summary>Which kind of tokens a count is of: <c>input</c>, <c>output</c>, or <c>cached</c>, which are among the input.</summary>
    public const string TokenType = "orchard.token.type";

    /// <summary>How a call ended: <c>completed</c>, <c>failed</c>, <c>cancelled</c>, or <c>abandoned</c> when its reader left early.</summary>
    public const string Outcome = "orchard.outcome";

    /// <summary>How many conversations a call has.</summary>
    public const string Conversations = "orchard.conversations";

    /// <summary>Which conversation of its call a sequence continues, from 0.</summary>
    public const string Conversation = "orchard.conversation.index";

    /// <summary>Which answer to its conversation a sequence is, from 0.</summary>
    public const string Candidate = "orchard.candidate.index";

    /// <summary>Tokens computed in a phase.</summary>
    public const string TokenCount = "orchard.token.count";

    /// <summary>The engine's process id.</summary>
    public const string EngineProcess = "orchard.engine.process_id";

    /// <summary>A model's identity, as <see cref="ModelInfo.Id"/>.</summary>
    public const string ModelId = "orchard.model.id";
}
