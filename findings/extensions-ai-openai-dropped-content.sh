#!/usr/bin/env bash
# Microsoft.Extensions.AI.OpenAI 10.11.0: what the client cannot express is left out of the request without an exception or a log entry: a
# text file or a video among the contents of a message, text beside the result of a function, reasoning, and whole messages with a role of
# the application's own. The model answers as if they had not been there. Guess before the run: NotSupportedException for each.
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

ChatMessage[] messages =
[
    new(ChatRole.User, [new TextContent("Summarize."), new DataContent("notes"u8.ToArray(), "text/plain"), new DataContent("video"u8.ToArray(), "video/mp4")]),
    new(ChatRole.Assistant, [new TextReasoningContent("It is short."), new FunctionCallContent("1", "read", new Dictionary<string, object?>())]),
    new(ChatRole.Tool, [new FunctionResultContent("1", "page"), new TextContent("beside the result")]),
    new(new ChatRole("reviewer"), "Be brief."),
];
await client.GetResponseAsync(messages);
JsonArray sent = recorder.Request["messages"]!.AsArray();
foreach (JsonNode? message in sent)
{
    Console.WriteLine(message!.ToJsonString());
}

string all = sent.ToJsonString();
string[] lost = ["bm90ZXM=", "notes", "dmlkZW8=", "It is short.", "beside the result", "Be brief."];
return sent.Count == 3 && all.Contains("Summarize.") && all.Contains("page") && !lost.Any(all.Contains) ? 0 : 1;

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
