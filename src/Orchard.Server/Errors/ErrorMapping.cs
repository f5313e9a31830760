using System.Text.Json;

namespace Orchard.Server.Errors;

/// <summary>Maps exceptions to errors. Pure.</summary>
internal static class ErrorMapping
{
    private const string Log = "The server's log says more.";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>Returns what the client is told about an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="prompt">Where the prompt of the request is.</param>
    public static ApiError Of(Exception exception, PromptField prompt) => exception switch
    {
        ApiException e => e.Error,
        ArgumentException e => OfArgument(e),
        JsonException e => OfJson(e),
        BadHttpRequestException e => Create(e.StatusCode, e.StatusCode == 413 ? "request_too_large" : "invalid_request", e.Message),
        OrchardException e => OfOrchard(e, prompt),
        ObjectDisposedException => ApiError.ShuttingDown,
        _ => Create(500, "internal_error", "The server failed to handle the request. Its log says why.", Later),
    };

    private static ApiError OfArgument(ArgumentException e)
    {
        string? field = OptionNames.FieldOf(e.ParamName);
        string message = e.Message;
        if (e.ParamName is { } name)
        {
            message = message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
            message = message.StartsWith($"{name} ", StringComparison.Ordinal) ? $"'{field}'{message[name.Length..]}" : message;
        }

        if (e is ArgumentOutOfRangeException { ActualValue: not null })
        {
            message = message[..message.LastIndexOf(Environment.NewLine, StringComparison.Ordinal)]; // .NET repeats the value there
        }

        return Create(400, "invalid_value", message) with { Param = field };
    }

    private static ApiError OfJson(JsonException e)
    {
        string? param = e.Path?.TrimStart('$').TrimStart('.') is { Length: > 0 } path ? path : null;
        return e.InnerException is JsonException syntax // otherwise the JSON is valid, and the message names a type of this program
            ? Create(400, "invalid_json", $"The body cannot be read as JSON: {syntax.Message}")
            : param is null ? Create(400, "invalid_json", "The body must be a JSON object.")
            : Create(400, "invalid_type", $"'{param}' has a value of the wrong type.") with { Param = param };
    }

    private static ApiError OfOrchard(OrchardException exception, PromptField prompt) => exception switch
    {
        ModelNotFoundException e => Create(404, "model_not_found", e.Message) with { Param = "model" },
        ModelAccessException e => Create(403, "model_access_denied", e.Message) with { Param = "model" },
        ModelDownloadException e => Create(502, "model_download_failed", e.Message, Later),
        ModelMemoryException e => Create(503, "insufficient_memory", e.Message, Later),
        ModelInUseException e => Create(409, "model_in_use", e.Message),
        ModelOptionsConflictException e => Create(409, "model_in_use", e.Message),
        ModelChangedException e => Create(503, "model_changed", e.Message, Soon),
        DraftModelException e => Create(500, "model_load_failed", e.Message, Later) with { Param = "model" },
        ModelLoadException e => Create(500, "model_load_failed", e.Message, Later) with { Param = "model" },
        ContextLengthExceededException e => Create(400, "context_length_exceeded", e.Message) with
        {
            Param = prompt.Name,
            PromptTokens = e.PromptTokens,
            ContextLength = e.ContextLength,
        },
        InvalidMediaException e => Create(400, "invalid_media", e.Message) with { Param = prompt.PathOf(e.MessageIndex, e.PartIndex) },
        UnsupportedModalityException e => Create(400, "unsupported_value", e.Message) with
        {
            Param = prompt.PathOf(e.MessageIndex, e.PartIndex),
        },
        ChatTemplateException e => Create(400, "invalid_prompt", e.Message) with { Param = prompt.Name },
        UnsupportedSchemaException e => Create(400, "unsupported_schema", e.Message),
        StructuredOutputException e => Create(422, "schema_violated", e.Message),
        RequestRejectedException e => OfRejection(e),
        ProtocolException e => Create(502, "engine_error", e.Message, Later),
        RequestStalledException e => Create(504, "request_stalled", e.Message, Later),

        // Their texts are for who runs the server: they quote the engine's log.
        EngineConnectionException => Create(
            503, "engine_died", $"The engine ended before the answer was complete. The next request starts it again. {Log}", Soon),
        EngineNotFoundException or EngineStartException or EngineNotTrustedException =>
            Create(503, "engine_unavailable", $"The engine could not be started or reached. {Log}", Later),
        _ => Create(500, "server_error", exception.Message, Later),
    };

    private static ApiError OfRejection(RequestRejectedException e) => e.Code switch
    {
        RequestErrorCodes.InvalidRequest or RequestErrorCodes.InvalidResponseFormat or RequestErrorCodes.Unsupported =>
            Create(400, e.Code, e.Message),
        RequestErrorCodes.ModelInUse => Create(409, e.Code, e.Message),
        RequestErrorCodes.ModelNotLoaded or RequestErrorCodes.Overloaded => Create(503, e.Code, e.Message, Soon),
        _ => Create(500, e.Code ?? "server_error", e.Message, Later),
    };

    private static ApiError Create(int status, string? code, string message, TimeSpan? retryAfter = null) =>
        new() { Status = status, Code = code, Message = message, RetryAfter = retryAfter };
}
