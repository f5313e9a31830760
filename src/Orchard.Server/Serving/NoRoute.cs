using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>The errors of requests that no route is for. Pure.</summary>
internal static class NoRoute
{
    /// <summary>Returns the error of a path that does not exist.</summary>
    public static ApiError ForPath(HttpRequest request) => new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = "unknown_url",
        Message = $"There is no {request.Method} {request.Path}.",
    };

    /// <summary>Returns the error of a method that a path does not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowed">The methods of the path, as the header <c>Allow</c> lists them.</param>
    public static ApiError ForMethod(HttpRequest request, string allowed) => new()
    {
        Status = StatusCodes.Status405MethodNotAllowed,
        Code = "method_not_supported",
        Message = $"There is no {request.Method} {request.Path}; use {allowed.Replace(", ", " or ", StringComparison.Ordinal)}.",
    };
}
