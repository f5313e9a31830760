using System.Diagnostics;
using System.Text;
using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Peers;

/// <summary>The engine, asked through the client's connection.</summary>
internal sealed class EnginePeer : IPeer
{
    private readonly EngineUnderTest _engine;
    private readonly ModelUnderTest _model;
    private readonly ModelOptions _options;

    private EnginePeer(EngineUnderTest engine, ModelUnderTest model, ModelOptions options)
    {
        _engine = engine;
        _model = model;
        _options = options;
    }

    public string Name => "orchard";

    public ProcessMemory Memory => ProcessMemory.Of(_engine.ProcessId);

    /// <summary>Starts it. It is not told how many answers there will be at the same time.</summary>
    public static async Task<EnginePeer> StartAsync(ModelUnderTest model, ModelOptions options) =>
        new(await EngineUnderTest.StartAsync(model, options: options), model, options);

    public async Task<PeerRun> RunAsync(IReadOnlyList<string> prompts, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        StreamTimes[] times = await Task.WhenAll(prompts.Select(prompt => _engine.StreamAsync(Encoding.UTF8.GetBytes(prompt), tokens)));
        return new PeerRun(
            Stopwatch.GetElapsedTime(started).TotalMilliseconds, [.. times.Select(static time => time.FirstMilliseconds)]);
    }

    public async Task<double> LoadAsync()
    {
        await _engine.Client.Models.UnloadAsync(_model.Path);
        long started = Stopwatch.GetTimestamp();
        await _engine.Client.Models.EnsureLoadedAsync(_model.Path, _options);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
