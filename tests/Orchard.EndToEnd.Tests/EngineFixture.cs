using System.Diagnostics;
using Orchard.EndToEnd.Tests;
using Orchard.TestSupport;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.EndToEnd.Tests;

/// <summary>One engine in a namespace of its own, and one client, for the whole suite: test classes run side by side against it.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private InferenceEngine? _engine;
    private int _copies;

    /// <summary>The engine's namespace: a short path, so that its sockets fit, and unique, so that test processes do not meet.</summary>
    internal TemporaryRoot Root { get; } = new();

    /// <summary>The client that the tests share.</summary>
    public Client Client { get; private set; } = null!;

    /// <summary>The engine that the tests share.</summary>
    public InferenceEngine Engine => _engine!;

    public async ValueTask InitializeAsync()
    {
        _engine = await InferenceEngine.StartAsync(new EngineOptions
        {
            EngineRoot = Root.Path,
            LoadModels = ["starter"],
            GraceTime = TimeSpan.FromSeconds(1),
        });
        Client = await _engine.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
        {
            using Process process = Process.GetProcessById(engine.ProcessId!.Value);
            await Client.DisposeAsync();
            await engine.DisposeAsync();
            await process.WaitForExitAsync().OrBroken("the engine to leave after its last client");
        }

        Root.Dispose();
    }

    /// <summary>
    /// A model nobody else uses: another file with the starter model in it, which the engine loads, schedules and counts on its own.
    /// </summary>
    internal string CopyOfStarter()
    {
        string path = Path.Combine(Root.Path, $"copy-{Interlocked.Increment(ref _copies)}.gguf");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path);
        return path;
    }
}
