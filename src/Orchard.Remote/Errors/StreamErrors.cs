using System.Text.Json;

namespace Orchard.Remote.Errors;

/// <summary>Maps errors that arrive as events of a stream, after a status that promised an answer. Pure.</summary>
internal static class StreamErrors
{
    /// <summary>Maps the value of an <c>error</c> member.</summary>
    public static Failure Of(JsonElement error, ErrorScene scene)
    {
        ErrorDetails details = ErrorDetails.OfElement(error);
        return ErrorMapping.OfStatus(details.Status ?? StatusOf(details), details, scene);
    }

    private static int StatusOf(ErrorDetails error) => (error.Code, error.Type) switch
    {
        ("model_not_found", _) or (_, "NotFoundError" or "not_found_error") => 404,
        ("context_length_exceeded", _) => 400,
        (_, "invalid_request_error" or "BadRequestError" or "exceed_context_size_error") => 400,
        (_, "authentication_error") => 401,
        (_, "permission_error") => 403,
        (_, "rate_limit_error") or ("rate_limit_exceeded", _) => 429,
        (_, "service_unavailable_error" or "unavailable_error" or "overloaded_error") => 503,
        _ => ContextNumbers.IsContextError(error) ? 400 : 500,
    };
}
