namespace Orchard.Server.Errors;

/// <summary>An error as every dialect can write it. Immutable.</summary>
internal sealed record ApiError
{
    /// <summary>The server does not serve requests any more.</summary>
    public static ApiError ShuttingDown { get; } = new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "shutting_down",
        Message = "The server is shutting down.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <summary>HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>Description of the error, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Code that names the cause, such as <c>model_not_found</c>; null if there is none.</summary>
    public string? Code { get; init; }

    /// <summary>The field of the request that is at fault; null if there is none.</summary>
    public string? Param { get; init; }

    /// <summary>When the client can try again; null if the same request would fail again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Number of tokens of a prompt that is too long; otherwise null.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>The context length that the prompt exceeds; otherwise null.</summary>
    public int? ContextLength { get; init; }
}
