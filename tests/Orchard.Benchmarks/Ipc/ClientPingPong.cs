using System.Diagnostics;

namespace Orchard.Benchmarks.Ipc;

/// <summary>Our client against the stub engine: from the call to the first delta in the caller's hands. The rest of the answer is read untimed.</summary>
internal sealed class ClientPingPong : IPingPong
{
    private readonly ChildProcess _child;
    private readonly Client _client;
    private readonly string _model;

    private ClientPingPong(ChildProcess child, Client client, string model)
    {
        _child = child;
        _client = client;
        _model = model;
    }

    public static string Question { get; } = "What is the capital of France? Answer in one word. ";

    public static async Task<ClientPingPong> StartAsync(TemporaryFolder folder)
    {
        string model = folder.File("stub.gguf");
        await File.WriteAllBytesAsync(model, []);
        string root = folder.File("root");
        ChildProcess child = await ChildProcess.StartAsync("serve-stub", "--path", root);
        Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false });
        return new ClientPingPong(child, client, model);
    }

    public async Task<TimeSpan> RoundTripAsync()
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan? first = null;
        await foreach (ChatDelta _ in _client.ChatStreamAsync(_model, Question))
        {
            first ??= Stopwatch.GetElapsedTime(started);
        }

        return first ?? throw new BenchmarkException("The stub engine answered nothing.");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _child.DisposeAsync();
    }
}
