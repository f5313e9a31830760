using System.Diagnostics;
using Orchard.Connection;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

/// <summary>The real engine with the starter model, in a process of its own.</summary>
public sealed class RealHost : EngineHost
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override Task<Client> ConnectAsync() =>
        Client.ConnectAsync(new ClientOptions { EngineRoot = Folder, EngineGraceTime = TimeSpan.FromSeconds(0.5) });

    public override async Task<long> LoadCommandsAsync(Client client, ModelInfo model)
    {
        Telemetry heartbeat = await HeartbeatAsync(
            client, beat => beat.Models.Any(state => state.CanonicalId == model.Id), "a heartbeat with the model");
        return heartbeat.Models.Single(state => state.CanonicalId == model.Id).Counters!.LoadCommands;
    }

    public override Task IdleAsync(Client client) => HeartbeatAsync(
        client, beat => beat.Models.All(state => state is { RunningSequences: 0, WaitingSequences: 0 }), "the engine to be idle");

    public override async Task KillAsync(Client client)
    {
        using Process engine = Process.GetProcessById(client.CurrentSession!.ProcessId!.Value);
        engine.Kill();
        await engine.WaitForExitAsync().OrBroken("the killed engine to end");
    }

    public override async ValueTask DisposeAsync()
    {
        await using (InferenceEngine engine = await InferenceEngine.StartAsync(new EngineOptions { EngineRoot = Folder }))
        {
            await engine.ShutdownAsync();
        }

        await base.DisposeAsync();
    }

    private static async Task<Telemetry> HeartbeatAsync(Client client, Func<Telemetry, bool> condition, string what)
    {
        async Task<Telemetry> WaitAsync()
        {
            while (true)
            {
                if (client.CurrentSession?.Heartbeats.Last is { } beat && condition(beat))
                {
                    return beat;
                }

                await Task.Delay(LookInterval);
            }
        }

        return await WaitAsync().OrBroken(what);
    }
}
