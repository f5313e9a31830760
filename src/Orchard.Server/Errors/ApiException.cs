namespace Orchard.Server.Errors;

/// <summary>Ends a request with an error.</summary>
/// <param name="error">What the client is told.</param>
/// <param name="cause">The cause; null if there is none.</param>
internal sealed class ApiException(ApiError error, Exception? cause = null) : Exception(error.Message, cause)
{
    /// <summary>What the client is told.</summary>
    public ApiError Error { get; } = error;

    /// <summary>A field has a value that is not allowed.</summary>
    /// <param name="param">The field, such as <c>messages[2].role</c>.</param>
    /// <param name="problem">What is wrong, as the end of a sentence that begins with the field.</param>
    public static ApiException Invalid(string param, string problem) => new(new ApiError
    {
        Status = StatusCodes.Status400BadRequest,
        Message = $"'{param}' {problem}.",
        Code = "invalid_value",
        Param = param,
    });

    /// <summary>A field asks for something that this server cannot do, and that would be missed if it were ignored.</summary>
    /// <param name="param">The field.</param>
    /// <param name="problem">What is not supported, as the end of a sentence that begins with the field.</param>
    public static ApiException Unsupported(string param, string problem) => new(new ApiError
    {
        Status = StatusCodes.Status400BadRequest,
        Message = $"'{param}' {problem}.",
        Code = "unsupported_value",
        Param = param,
    });

    /// <summary>The model does not exist, or is not offered.</summary>
    /// <param name="model">The model as the client named it.</param>
    /// <param name="advice">What to do, as a sentence.</param>
    public static ApiException ModelNotFound(string model, string advice) => new(new ApiError
    {
        Status = StatusCodes.Status404NotFound,
        Message = $"The model '{model}' was not found. {advice}",
        Code = "model_not_found",
        Param = "model",
    });
}
