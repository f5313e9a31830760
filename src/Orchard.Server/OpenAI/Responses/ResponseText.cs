using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Responses;

namespace Orchard.Server.OpenAI.Responses;

/// <summary>Writes responses and their events, with what only the server knows. Immutable; thread-safe.</summary>
/// <param name="model">The model as the client named it.</param>
/// <param name="request">The body of the request.</param>
/// <param name="wantsSummary">Whether the client reads reasoning from its summary.</param>
internal sealed class ResponseText(string model, ResponsesRequest request, bool wantsSummary)
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 2048 };
    private static readonly JsonSerializerOptions Writing = new(Json.WireJson.CreateOptions()) { MaxDepth = 2048 };

    /// <summary>Returns the JSON of a response.</summary>
    public string Of(Response response)
    {
        JsonObject json = Parse(ResponseJson.Serialize(response));
        Complete(json);
        return json.ToJsonString(Writing);
    }

    /// <summary>Returns the JSON of an event.</summary>
    /// <param name="one">The event.</param>
    /// <param name="error">What the client is told about the error of a response that failed; null if there is none.</param>
    public string Of(ResponseEvent one, string? error = null)
    {
        string text = ResponseJson.Serialize(one);
        if (one is not ResponseSnapshotEvent)
        {
            return text;
        }

        JsonObject json = Parse(text);
        Complete(json["response"]!.AsObject());
        if (error is not null)
        {
            json["response"]!["error"]!["message"] = error;
        }

        return json.ToJsonString(Writing);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json, nodeOptions: null, Reading)!.AsObject();

    private void Complete(JsonObject response)
    {
        response["model"] = model;
        response["store"] = request.Store ?? true;
        response["previous_response_id"] = request.PreviousResponseId;
        if (!wantsSummary)
        {
            return;
        }

        foreach (JsonObject item in response["output"]!.AsArray().OfType<JsonObject>())
        {
            if ((string?)item["type"] == "reasoning" && item["content"] is JsonArray { Count: > 0 } content)
            {
                item["summary"] = new JsonArray(new JsonObject
                {
                    ["type"] = "summary_text",
                    ["text"] = string.Concat(content.Select(static part => (string?)part!["text"])),
                });
            }
        }
    }
}
