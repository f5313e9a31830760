using System.Text.Json.Serialization;
using Orchard.Server.Errors;

namespace Orchard.Server.OpenAI;

/// <summary>An error in OpenAI's JSON.</summary>
internal sealed record ErrorBody
{
    /// <summary>The error.</summary>
    public required ErrorDetails Error { get; init; }

    /// <summary>Returns the JSON of an error.</summary>
    public static ErrorBody Of(ApiError error) => new()
    {
        Error = new ErrorDetails
        {
            Message = error.Message,
            Type = TypeOf(error.Status),
            Param = error.Param,
            Code = error.Code,
            NPromptTokens = error.PromptTokens,
            NCtx = error.ContextLength,
        },
    };

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        503 => "service_unavailable_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };
}

/// <summary>The members of an error.</summary>
internal sealed record ErrorDetails
{
    /// <summary>Description, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Kind of the error.</summary>
    public required string Type { get; init; }

    /// <summary>The field at fault.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    /// <summary>The cause.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Code { get; init; }

    /// <summary>Number of tokens of a prompt that is too long, by llama.cpp's name.</summary>
    public int? NPromptTokens { get; init; }

    /// <summary>The context length that the prompt exceeds, by llama.cpp's name.</summary>
    public int? NCtx { get; init; }
}
