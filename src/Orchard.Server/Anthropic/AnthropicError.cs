using Orchard.Server.Errors;

namespace Orchard.Server.Anthropic;

/// <summary>An error in Anthropic's JSON.</summary>
internal sealed record AnthropicError
{
    /// <summary>Always <c>error</c>.</summary>
    public string Type { get; init; } = "error";

    /// <summary>The error.</summary>
    public required AnthropicErrorDetails Error { get; init; }

    /// <summary>Returns the JSON of an error.</summary>
    public static AnthropicError Of(ApiError error) => new()
    {
        Error = new AnthropicErrorDetails { Type = TypeOf(error.Status), Message = error.Message },
    };

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        < 500 => "invalid_request_error",
        _ => "api_error",
    };
}

/// <summary>The members of an error.</summary>
internal sealed record AnthropicErrorDetails
{
    /// <summary>Kind of the error.</summary>
    public required string Type { get; init; }

    /// <summary>Description, for people.</summary>
    public required string Message { get; init; }
}
