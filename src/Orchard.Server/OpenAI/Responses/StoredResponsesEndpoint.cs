using System.Text;
using System.Text.Json;
using Orchard.Responses;
using Orchard.Server.Errors;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI.Responses;

/// <summary><c>GET</c> and <c>DELETE /v1/responses/{id}</c>, and <c>GET /v1/responses/{id}/input_items</c>.</summary>
internal static class StoredResponsesEndpoint
{
    /// <summary>Returns a stored response.</summary>
    public static Task GetAsync(Served served)
    {
        served.Http.Response.ContentType = "application/json; charset=utf-8";
        return served.Http.Response.WriteAsync(Find(served).Json, Encoding.UTF8, served.Aborted);
    }

    /// <summary>Drops a stored response.</summary>
    public static Task DeleteAsync(Served served)
    {
        string id = IdOf(served);
        return served.Get<ResponseStore>().Remove(id, served.Caller)
            ? served.WriteAsync(new DeletedResponse { Id = id }, OpenAIJson.Wire.DeletedResponse)
            : throw NotFound(id);
    }

    /// <summary>Returns the conversation before a stored response, newest item first.</summary>
    public static Task ListInputAsync(Served served)
    {
        using JsonDocument items = JsonDocument.Parse(
            ResponseJson.Serialize([.. Find(served).Input.Reverse()]), new JsonDocumentOptions { MaxDepth = 2048 });
        return served.WriteAsync(
            new ItemList { Data = [.. items.RootElement.EnumerateArray().Select(static item => item.Clone())] }, OpenAIJson.Wire.ItemList);
    }

    private static StoredResponse Find(Served served) =>
        served.Get<ResponseStore>().Find(IdOf(served), served.Caller) ?? throw NotFound(IdOf(served));

    private static string IdOf(Served served) => (string)served.Http.Request.RouteValues["id"]!;

    private static ApiException NotFound(string id) => new(new ApiError
    {
        Status = StatusCodes.Status404NotFound,
        Code = "response_not_found",
        Param = "id",
        Message = $"The response '{id}' is not stored: the server keeps a limited number of responses in memory.",
    });
}
