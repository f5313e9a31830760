using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>Answers requests of routes that do not exist in a part of the paths that belongs to a dialect.</summary>
internal static class NoRoute
{
    /// <summary>Refuses a request.</summary>
    public static Task HandleAsync(Served served) => throw new ApiException(new ApiError
    {
        Status = StatusCodes.Status404NotFound,
        Code = "unknown_url",
        Message = $"There is no {served.Http.Request.Method} {served.Http.Request.Path}.",
    });
}
