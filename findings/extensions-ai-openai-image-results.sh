#!/usr/bin/env bash
# Microsoft.Extensions.AI.OpenAI 10.11.0: an image in the result of a function is sent to the model as text, the JSON of the content with
# the picture in base64. A screenshot takes hundreds of thousands of tokens that way, and the model cannot see it. The JSON is indented and
# carries the type names of the library. Guess before the run: NotSupportedException, or a message with an image_url.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI.OpenAI@10.11.0
#:property PublishAot=false
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;

var recorder = new Recorder();
IChatClient client = new OpenAIClient(
    new ApiKeyCredential("none"),
    new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(recorder)) }).GetChatClient("model").AsIChatClient();

byte[] picture = new byte[30_000];
await client.GetResponseAsync(
[
    new(ChatRole.User, "What is on the screen?"),
    new(ChatRole.Assistant, [new FunctionCallContent("1", "screenshot", new Dictionary<string, object?>())]),
    new(ChatRole.Tool, [new FunctionResultContent("1", new AIContent[] { new DataContent(picture, "image/png") })]),
]);
string content = recorder.Request["messages"]![2]!["content"]!.GetValue<string>();
Console.WriteLine($"{content.Length} characters: {content[..100]}");
return content.Length > 40_000 && content.StartsWith("[\n  {\n    \"$type\": \"data\",\n    \"uri\": \"data:image/png;base64,AAAA") ? 0 : 1;

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
