#!/usr/bin/env bash
# Microsoft.Extensions.AI 10.11.0: the key of the distributed cache (UseDistributedCache) contains the messages and most options, but not
# the tools. The same question with other tools, or without any, is answered from the cache. Guess before the run: tools are in the key.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI@10.11.0
#:package Microsoft.Extensions.Caching.Memory@10.0.0
#:property PublishAot=false
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

var model = new CountingClient();
var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
IChatClient client = model.AsBuilder().UseDistributedCache(cache).Build();
(string Name, ChatOptions Options, bool IsCached)[] cases =
[
    ("no tools", new ChatOptions(), false),
    ("a weather tool", new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => "sunny", "weather")] }, true),
    ("a stock tool", new ChatOptions { Tools = [AIFunctionFactory.Create((int id) => 1.5, "stock")] }, true),
    ("another temperature", new ChatOptions { Temperature = 1 }, false),
];
bool seen = true;
foreach ((string name, ChatOptions options, bool isCached) in cases)
{
    int before = model.Calls;
    await client.GetResponseAsync("What is the weather in Paris?", options);
    bool wasCached = model.Calls == before;
    Console.WriteLine($"{name}: {(wasCached ? "answered from the cache" : "sent to the model")}");
    seen &= wasCached == isCached;
}

return seen ? 0 : 1;

sealed class CountingClient : IChatClient
{
    public int Calls { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        Calls++;
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "answer")));
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
