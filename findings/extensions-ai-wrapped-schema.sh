#!/usr/bin/env bash
# Microsoft.Extensions.AI 10.11.0: GetResponseAsync<List<T>> wraps the schema of the list into an object with a property "data", because
# providers want an object at the root, but leaves the references inside as they were: "#/items" names nothing in the wrapped schema.
# The inner schema keeps its own "$schema". Guess before the run: references are moved, or the list's schema goes into "$defs".
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI@10.11.0
#:property PublishAot=false
using System.Text.Json;
using Microsoft.Extensions.AI;

var client = new RecordingClient();
await client.GetResponseAsync<List<Node>>("List the nodes.");
JsonElement schema = ((ChatResponseFormatJson)client.Format!).Schema!.Value;
JsonElement data = schema.GetProperty("properties").GetProperty("data");
string? reference = data.GetProperty("items").GetProperty("properties").GetProperty("children").GetProperty("items").GetProperty("$ref").GetString();
bool resolves = schema.TryGetProperty("items", out _);
Console.WriteLine($"$ref is {reference}; the root {(resolves ? "has" : "has no")} member 'items'; inner $schema: {data.TryGetProperty("$schema", out _)}");
return reference == "#/items" && !resolves ? 0 : 1;

sealed class Node
{
    public string? Name { get; set; }

    public List<Node>? Children { get; set; }
}

sealed class RecordingClient : IChatClient
{
    public ChatResponseFormat? Format { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        Format = options?.ResponseFormat;
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, """{"data":[]}""")));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey) => null;

    public void Dispose()
    {
    }
}
CS
dotnet run app.cs
