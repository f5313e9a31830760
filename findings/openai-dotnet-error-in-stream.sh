#!/usr/bin/env bash
# OpenAI 2.15.0 (NuGet): when a server reports an error within a stream, as `data: {"error":…}`, CompleteChatStreamingAsync yields one more
# update without content and ends as if the answer were complete. Only the missing finish reason tells. Microsoft.Extensions.AI.OpenAI
# passes it on the same way; the npm package openai throws. Guess before the run: ClientResultException with the message of the error.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package OpenAI@2.15.0
#:property PublishAot=false
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using OpenAI;
using OpenAI.Chat;

bool seen = true;
foreach (string name in (string[])["", "event: error\n"])
{
    var transport = new HttpClientPipelineTransport(new HttpClient(new Server(name)));
    ChatClient client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Transport = transport }).GetChatClient("model");
    string text = "";
    ChatFinishReason? reason = null;
    await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync("Count to ten."))
    {
        text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        reason ??= update.FinishReason;
    }

    Console.WriteLine($"{(name.Length == 0 ? "without a name" : "named error")}: text \"{text}\", finish reason {reason?.ToString() ?? "null"}, no exception");
    seen &= text == "one, two" && reason is null;
}

return seen ? 0 : 1;

sealed class Server(string eventName) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        const string Chunk = """
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"model","choices":[{"index":0,"delta":{"role":"assistant","content":"one, two"},"finish_reason":null}]}
            """;
        const string Error = """data: {"error":{"message":"The model has run out of memory.","type":"server_error","param":null,"code":null}}""";
        string body = $"{Chunk}\n\n{eventName}{Error}\n\n";
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "text/event-stream") });
    }
}
CS
dotnet run app.cs
