#!/usr/bin/env bash
# OllamaSharp 5.5.2: cancelling the token of a streamed chat ends the loop without OperationCanceledException, so that a cancelled answer
# looks like a short one: the last part that was read says that it is not done. Guess before the run: the exception, as with HttpClient.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package OllamaSharp@5.5.2
#:property PublishAot=false
using System.Net;
using System.Text;
using OllamaSharp;
using OllamaSharp.Models.Chat;

using var server = new HttpListener();
server.Prefixes.Add("http://127.0.0.1:18437/");
server.Start();
Task serving = Task.Run(async () =>
{
    HttpListenerContext context = await server.GetContextAsync();
    context.Response.SendChunked = true;
    byte[] line = Encoding.UTF8.GetBytes("""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"word "},"done":false}""" + "\n");
    try
    {
        for (int i = 0; i < 500; i++)
        {
            await context.Response.OutputStream.WriteAsync(line);
            await context.Response.OutputStream.FlushAsync();
            await Task.Delay(10);
        }
    }
    catch (Exception)
    {
        // the client has gone
    }
});

using var client = new OllamaApiClient(new Uri("http://127.0.0.1:18437/"), "m");
using var stop = new CancellationTokenSource();
int parts = 0;
bool isDone = false;
string end = "no exception";
try
{
    var request = new ChatRequest { Model = "m", Messages = [new Message(ChatRole.User, "Hi")] };
    await foreach (ChatResponseStream? part in client.ChatAsync(request, stop.Token))
    {
        isDone = part!.Done;
        if (++parts == 3)
        {
            stop.Cancel();
        }
    }
}
catch (OperationCanceledException e)
{
    end = e.GetType().Name;
}

Console.WriteLine($"{parts} parts, done: {isDone}, {end}");
return parts < 500 && !isDone && end == "no exception" ? 0 : 1;
CS
dotnet run app.cs
