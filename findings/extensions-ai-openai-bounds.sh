#!/usr/bin/env bash
# Microsoft.Extensions.AI.OpenAI 10.11.0: the schema of a response type is sent without bounds of numbers and lengths; they stand as lines
# of text in the description. A server that constrains the output by the schema no longer sees them, so that values outside of the bounds
# come back. The schemas of tools keep theirs. Guess before the run: neither keeps them.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI@10.11.0
#:package Microsoft.Extensions.AI.OpenAI@10.11.0
#:property PublishAot=false
using System.ClientModel;
using System.ClientModel.Primitives;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;

var recorder = new Recorder();
IChatClient client = new OpenAIClient(
    new ApiKeyCredential("none"),
    new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(recorder)) }).GetChatClient("model").AsIChatClient();

var tool = AIFunctionFactory.Create(([Range(1, 5)] int stars, [StringLength(9)] string name) => stars, "rate");
await client.GetResponseAsync("Rate it.", new ChatOptions { Tools = [tool] });
string inTool = recorder.Request["tools"]![0]!["function"]!["parameters"]!["properties"]!.ToJsonString();
await client.GetResponseAsync<Rating>("Rate it.");
string inFormat = recorder.Request["response_format"]!["json_schema"]!["schema"]!["properties"]!.ToJsonString();
Console.WriteLine($"tool:            {inTool}");
Console.WriteLine($"response format: {inFormat}");
return inTool == """{"stars":{"type":"integer","minimum":1,"maximum":5},"name":{"type":"string","maxLength":9}}"""
    && inFormat == """{"stars":{"type":"integer","description":"minimum: 1\nmaximum: 5"},"name":{"type":"string","description":"maxLength: 9"}}"""
    ? 0 : 1;

sealed record Rating([property: Range(1, 5)] int Stars, [property: StringLength(9)] string Name);

sealed class Recorder : HttpMessageHandler
{
    public JsonNode Request { get; private set; } = new JsonObject();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Request = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        const string Answer = """
            {"id":"1","object":"chat.completion","created":1,"model":"model","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"{}"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "application/json") };
    }
}
CS
dotnet run app.cs
