using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Responses;

/// <summary>Body of a request for a response. Generation options are among the other fields.</summary>
internal sealed record ResponsesRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>A text of the user, or a list of items.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Instructions to the model.</summary>
    public string? Instructions { get; init; }

    /// <summary>Id of a stored response that the input continues.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Whether the response is stored, which is the default.</summary>
    public bool? Store { get; init; }

    /// <summary>Whether to stream the response.</summary>
    public bool? Stream { get; init; }

    /// <summary>Tools that the model can call.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Whether the model calls tools.</summary>
    public JsonElement ToolChoice { get; init; }

    /// <summary>Format of the text.</summary>
    public JsonElement Text { get; init; }

    /// <summary>What to add to the response.</summary>
    public JsonElement Include { get; init; }

    /// <summary>Whether items are dropped from a conversation that is too long, which this server never does.</summary>
    public JsonElement Truncation { get; init; }

    /// <summary>Metadata of the application.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>How much the model reasons, and whether it sums that up.</summary>
    public JsonElement Reasoning { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>Items, in OpenAI's JSON.</summary>
internal sealed record ItemList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The items.</summary>
    public required IReadOnlyList<JsonElement> Data { get; init; }

    /// <summary>Always false.</summary>
    public bool HasMore { get; init; }
}

/// <summary>A stored response was deleted.</summary>
internal sealed record DeletedResponse
{
    /// <summary>Id of the response.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>response</c>.</summary>
    public string Object { get; init; } = "response";

    /// <summary>Always true.</summary>
    public bool Deleted { get; init; } = true;
}

/// <summary>Number of tokens of an input.</summary>
internal sealed record InputTokens
{
    /// <summary>Always <c>response.input_tokens</c>.</summary>
    public string Object { get; init; } = "response.input_tokens";

    /// <summary>The number.</summary>
    [JsonPropertyName("input_tokens")]
    public required int Count { get; init; }
}

/// <summary>An error in a stream.</summary>
internal sealed record ErrorEvent
{
    /// <summary>Always <c>error</c>.</summary>
    public string Type { get; init; } = "error";

    /// <summary>The cause.</summary>
    public required string Code { get; init; }

    /// <summary>Description, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Always null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    /// <summary>Number of the event.</summary>
    public required int SequenceNumber { get; init; }
}
