namespace Orchard.Responses;

/// <summary>
/// The values of <see cref="ResponseError.Code"/>, in addition to those of <see cref="RequestErrorCodes"/> for requests that the engine
/// rejected.
/// </summary>
public static class ResponseErrorCodes
{
    /// <summary>The model was not found (<see cref="ModelNotFoundException"/>).</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>The engine could not load the model (<see cref="ModelLoadException"/>).</summary>
    public const string ModelLoadFailed = "model_load_failed";

    /// <summary>The prompt does not fit the model's context (<see cref="ContextLengthExceededException"/>).</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    /// <summary>The chat template could not be rendered for the conversation (<see cref="ChatTemplateException"/>).</summary>
    public const string InvalidPrompt = "invalid_prompt";

    /// <summary>A JSON Schema cannot be enforced (<see cref="UnsupportedSchemaException"/>).</summary>
    public const string UnsupportedSchema = "unsupported_schema";

    /// <summary>
    /// The engine was not found, could not be started or belongs to another user (<see cref="EngineNotFoundException"/>,
    /// <see cref="EngineStartException"/>, <see cref="EngineNotTrustedException"/>).
    /// </summary>
    public const string EngineUnavailable = "engine_unavailable";

    /// <summary>The engine process ended during the call (<see cref="EngineDiedException"/>).</summary>
    public const string EngineDied = "engine_died";

    /// <summary>
    /// The connection ended during the call, but the engine is still running (<see cref="EngineConnectionLostException"/>).
    /// </summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>The client had left too much output unread (<see cref="OutputLimitExceededException"/>).</summary>
    public const string OutputLimitExceeded = "output_limit_exceeded";

    /// <summary>The engine sent nothing for too long (<see cref="RequestStalledException"/>).</summary>
    public const string RequestStalled = "request_stalled";

    /// <summary>The answer violates the schema of the response format (<see cref="StructuredOutputException"/>).</summary>
    public const string SchemaViolated = "schema_violated";

    /// <summary>Any other failure.</summary>
    public const string ServerError = "server_error";
}
