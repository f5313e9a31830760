namespace Orchard.Responses;

/// <summary>Why a response failed. Immutable.</summary>
/// <param name="Code">
/// What kind, for programs: <c>model_not_found</c>, <c>model_load_failed</c>, <c>context_length_exceeded</c>, <c>invalid_prompt</c>,
/// <c>unsupported_schema</c>, <c>engine_unavailable</c>, <c>engine_died</c>, <c>request_stalled</c>, <c>server_error</c>, or the engine's
/// own code of a refusal.
/// </param>
/// <param name="Message">What happened, for people.</param>
public sealed record ResponseError(string Code, string Message)
{
    /// <summary>The same as the other calls of the client throw it; null in an error that did not come from one.</summary>
    public OrchardException? Exception { get; init; }

    internal static ResponseError From(OrchardException e) => new(CodeOf(e), e.Message) { Exception = e };

    private static string CodeOf(OrchardException e) => e switch
    {
        ModelNotFoundException => "model_not_found",
        ModelLoadException => "model_load_failed",
        ContextLengthExceededException => "context_length_exceeded",
        ChatTemplateException => "invalid_prompt",
        UnsupportedSchemaException => "unsupported_schema",
        EngineNotFoundException or EngineStartException => "engine_unavailable",
        EngineDiedException => "engine_died",
        RequestStalledException => "request_stalled",
        RequestRejectedException { Code: { Length: > 0 } code } => code,
        _ => "server_error",
    };
}
