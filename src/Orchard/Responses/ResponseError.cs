namespace Orchard.Responses;

/// <summary>Why a response failed. Immutable.</summary>
public sealed class ResponseError
{
    /// <summary>
    /// Error code: one of <see cref="ResponseErrorCodes"/> or <see cref="RequestErrorCodes"/>; a newer engine can send others.
    /// </summary>
    public required string Code { get; init; }

    /// <summary>Description of the error, for people.</summary>
    public required string Message { get; init; }

    /// <summary>The exception that a chat call would have thrown; null for an error that did not come from a call.</summary>
    public OrchardException? Exception { get; init; }

    internal static ResponseError From(OrchardException e) => new() { Code = CodeOf(e), Message = e.Message, Exception = e };

    private static string CodeOf(OrchardException e) => e switch
    {
        ModelNotFoundException => ResponseErrorCodes.ModelNotFound,
        ModelLoadException or DraftModelException => ResponseErrorCodes.ModelLoadFailed,
        ContextLengthExceededException => ResponseErrorCodes.ContextLengthExceeded,
        ChatTemplateException => ResponseErrorCodes.InvalidPrompt,
        StructuredOutputException => ResponseErrorCodes.SchemaViolated,
        UnsupportedSchemaException => ResponseErrorCodes.UnsupportedSchema,
        EngineNotFoundException or EngineStartException or EngineNotTrustedException => ResponseErrorCodes.EngineUnavailable,
        EngineDiedException => ResponseErrorCodes.EngineDied,
        EngineConnectionLostException => ResponseErrorCodes.ConnectionLost,
        OutputLimitExceededException => ResponseErrorCodes.OutputLimitExceeded,
        RequestStalledException => ResponseErrorCodes.RequestStalled,
        RequestRejectedException { Code: { Length: > 0 } code } => code,
        _ => ResponseErrorCodes.ServerError,
    };
}
