using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>Reads the bodies of requests, whatever their content type says.</summary>
internal static class RequestBody
{
    /// <summary>Returns the body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">JSON contract of the body.</param>
    /// <exception cref="JsonException">The body is not valid JSON, or a value has the wrong type.</exception>
    /// <exception cref="ApiException">The body is empty or no object.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        T? body = await JsonSerializer.DeserializeAsync(context.Request.BodyReader, type, context.RequestAborted).ConfigureAwait(false);
        return body ?? throw new ApiException(new ApiError
        {
            Status = StatusCodes.Status400BadRequest,
            Code = "invalid_json",
            Message = "The body is null; it must be a JSON object.",
        });
    }
}
