using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Memory;

/// <summary>An engine in a process and a namespace of its own, whose memory is read.</summary>
internal sealed class MeasuredEngine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Client _client;
    private readonly int _processId;

    private MeasuredEngine(TemporaryFolder folder, Client client)
    {
        _folder = folder;
        _client = client;
        _processId = client.CurrentSession!.ProcessId!.Value;
    }

    public ProcessMemory Memory => ProcessMemory.Of(_processId);

    public static async Task<MeasuredEngine> StartAsync()
    {
        var folder = new TemporaryFolder();
        Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = folder.File("root"),
            EnginePath = EngineUnderTest.Executable,
            EngineGraceTime = TimeSpan.FromMilliseconds(100),
            StallTimeout = null,
        });
        var engine = new MeasuredEngine(folder, client);

        // The code of the engine and of the library takes memory when it runs for the first time, whatever the model.
        const string Small = "starter";
        await client.ChatAsync(Small, "Hello", new GenerationOptions { MaxOutputTokens = 8, Temperature = 0 });
        await client.Models.UnloadAsync(Small);
        return engine;
    }

    /// <summary>Has the model continue all prompts by one token, at the same time.</summary>
    public async Task ChatAsync(string model, string[] prompts, ModelOptions options)
    {
        await _client.Models.EnsureLoadedAsync(model, options);
        var answer = new GenerationOptions { MaxOutputTokens = 1, Temperature = 0, ChatTemplate = "{{ messages[0].content }}" };
        await Task.WhenAll(prompts.Select(prompt => _client.ChatAsync(model, prompt, answer)));
    }

    public Task UnloadAsync(string model) => _client.Models.UnloadAsync(model);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Processes.WaitForExitAsync(_processId);
        _folder.Dispose();
    }
}
