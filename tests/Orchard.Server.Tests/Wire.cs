using System.Text.Json.Nodes;

namespace Orchard.Server.Tests;

/// <summary>Reads responses.</summary>
internal static class Wire
{
    /// <summary>Returns the JSON of a response.</summary>
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>Returns the events of a stream, without comments.</summary>
    public static async Task<(string Name, JsonNode Data)[]> ReadEventsAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "text/event-stream", text);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(block => !block.StartsWith(':')).Select(Parse)];
    }

    private static (string Name, JsonNode Data) Parse(string block)
    {
        string[] lines = block.Split('\n');
        string data = lines.Single(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        string name = lines.FirstOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal))?["event: ".Length..] ?? "";
        return (name, data == "[DONE]" ? "[DONE]" : JsonNode.Parse(data)!);
    }
}
