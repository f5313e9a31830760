#!/usr/bin/env bash
# Microsoft.Extensions.AI.OpenAI 10.11.0 reads the `reasoning_content` of local servers, and puts it behind the text when the answer comes
# as a whole, but before the text when it is streamed. An application that shows the contents in their order shows the reasoning after the
# answer. Guess before the run: the reasoning first, in both.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI.OpenAI@10.11.0
#:property PublishAot=false
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;

const string Complete = """
    {"id":"1","object":"chat.completion","created":1,"model":"model","choices":[{"index":0,"finish_reason":"stop",
    "message":{"role":"assistant","reasoning_content":"Nothing divides it.","content":"It is prime."}}]}
    """;
string streamed = string.Concat(
    from delta in (string[])["""{"role":"assistant","reasoning_content":"Nothing divides it."}""", """{"content":"It is prime."}"""]
    select "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"model\",\"choices\":[{\"index\":0,\"delta\":" + delta
        + ",\"finish_reason\":null}]}\n\n") + "data: [DONE]\n\n";

string whole = Contents(await Client(Complete, "application/json").GetResponseAsync("Is 7 prime?"));
string joined = Contents(await Client(streamed, "text/event-stream").GetStreamingResponseAsync("Is 7 prime?").ToChatResponseAsync());
Console.WriteLine($"whole answer:    {whole}\nstreamed answer: {joined}");
return whole == "TextContent, TextReasoningContent" && joined == "TextReasoningContent, TextContent" ? 0 : 1;

static string Contents(ChatResponse response) => string.Join(", ", response.Messages.Single().Contents.Select(content => content.GetType().Name));

static IChatClient Client(string body, string type) => new OpenAIClient(
    new ApiKeyCredential("none"),
    new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(new Server(body, type))) })
    .GetChatClient("model").AsIChatClient();

sealed class Server(string body, string type) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, type) });
}
CS
dotnet run app.cs
