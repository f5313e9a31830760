#!/usr/bin/env bash
# Microsoft.Extensions.AI 10.11.0: the function invocation middleware looks neither at FunctionCallContent.Exception, which a client sets
# when it could not read the arguments of a call, nor at the finish reason. A call that was cut off by the token limit is executed, with
# the parameters' default values for the arguments that are missing. InformationalOnly prevents it. Guess before the run: a call with an
# exception is answered with an error result.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI@10.11.0
#:property PublishAot=false
using System.Text.Json;
using Microsoft.Extensions.AI;

bool seen = await RunAsync("exception", new FunctionCallContent("1", "pay") { Exception = new JsonException("The arguments end early.") }, "7 to nobody");
seen &= await RunAsync("exception and informational only", new FunctionCallContent("1", "pay") { InformationalOnly = true }, "not executed");
return seen ? 0 : 1;

static async Task<bool> RunAsync(string name, FunctionCallContent call, string expected)
{
    string actual = "not executed";
    AIFunction pay = AIFunctionFactory.Create((string to = "nobody", int amount = 7) => actual = $"{amount} to {to}", "pay");
    IChatClient client = new ScriptedClient(call).AsBuilder().UseFunctionInvocation().Build();
    await client.GetResponseAsync("Pay.", new ChatOptions { Tools = [pay] });
    Console.WriteLine($"{name}, finish reason length: {actual}");
    return actual == expected;
}

sealed class ScriptedClient(FunctionCallContent call) : IChatClient
{
    private int _calls;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        Task.FromResult(_calls++ == 0
            ? new ChatResponse(new ChatMessage(ChatRole.Assistant, [call])) { FinishReason = ChatFinishReason.Length }
            : new ChatResponse(new ChatMessage(ChatRole.Assistant, "Done.")));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey) => null;

    public void Dispose()
    {
    }
}
CS
dotnet run app.cs
