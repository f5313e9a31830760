#!/usr/bin/env bash
# Microsoft.Extensions.AI.OpenAI 10.11.0: a call without arguments, with FunctionCallContent.Arguments null, is sent back to the server as
# "arguments": "null". Chat templates that read the arguments as an object then show the model "null" or fail. An empty dictionary is sent
# as an object. Guess before the run: both are sent as "{}".
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

string[] sent = new string[2];
for (int index = 0; index < 2; index++)
{
    await client.GetResponseAsync(
    [
        new(ChatRole.User, "What time is it?"),
        new(ChatRole.Assistant, [new FunctionCallContent("1", "clock", index == 0 ? null : new Dictionary<string, object?>())]),
        new(ChatRole.Tool, [new FunctionResultContent("1", "noon")]),
    ]);
    sent[index] = recorder.Request["messages"]![1]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>();
}

Console.WriteLine($"null: {sent[0]}, empty dictionary: {sent[1]}");
return sent is ["null", "{}"] ? 0 : 1;

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
