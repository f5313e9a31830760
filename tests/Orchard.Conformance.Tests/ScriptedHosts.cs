using Orchard.Connection;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

/// <summary>The scripted engine, told what the starter model would say.</summary>
public abstract class ScriptedHost : EngineHost
{
    private static readonly Dictionary<string, string> Capitals = new()
    {
        ["France"] = "Paris",
        ["Japan"] = "Tokyo",
        ["Italy"] = "Rome",
        ["Egypt"] = "Cairo",
        ["Chile"] = "Santiago",
    };

    private int _killed;

    /// <summary>What it does; the same one over all its lives.</summary>
    protected EngineScript Script { get; private set; } = new();

    /// <summary>The engine that runs now.</summary>
    protected FakeEngine Engine { get; private set; } = null!;

    public override ValueTask InitializeAsync()
    {
        Script = new EngineScript().MissModels("no-such-model").Answer(prompt => Capitals
            .Where(capital => prompt.Question == $"What is the capital of {capital.Key}?")
            .Select(capital => FakeReply.Of($"The capital of {capital.Key} is {capital.Value}."))
            .FirstOrDefault());
        Script.Answer(Contract.LongQuestion, FakeReply.Of("A storm is a wild thing that").Stall());
        return ValueTask.CompletedTask;
    }

    public override Task<long> LoadCommandsAsync(Client client, ModelInfo model) =>
        Task.FromResult((long)Engine.Commands.Count(command => command.Kind == FakeCommandKind.LoadModel && command.Model == model.Id));

    // A long answer ends by a cancel command alone.
    public override Task IdleAsync(Client client) =>
        Task.WhenAll(Engine.Requests.Skip(_killed).Where(IsLong).Select(request => request.Cancelled)).OrBroken("the long answers to be cancelled");

    public override Task KillAsync(Client client)
    {
        _killed = Engine.Requests.Count;
        return Engine.CrashAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Engine.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Puts an engine of its own in the place of the last one.</summary>
    protected void Replace(FakeEngine engine)
    {
        Engine = engine;
        _killed = 0;
    }

    private static bool IsLong(FakeRequest request) => request.Prompts.Any(prompt => prompt.Question == Contract.LongQuestion);
}

/// <summary>The scripted engine, in memory.</summary>
public sealed class InMemoryHost : ScriptedHost
{
    public override ValueTask InitializeAsync()
    {
        ValueTask initialized = base.InitializeAsync();
        Replace(new FakeEngine(Script));
        return initialized;
    }

    public override Task<Client> ConnectAsync() => Engine.ConnectAsync();
}

/// <summary>The scripted engine, on the sockets of a namespace.</summary>
public sealed class SocketHost : ScriptedHost
{
    public override ValueTask InitializeAsync()
    {
        ValueTask initialized = base.InitializeAsync();
        Replace(FakeEngine.Listen(Folder, Script));
        return initialized;
    }

    public override Task<Client> ConnectAsync() => Engine.ConnectAsync();

    public override async Task KillAsync(Client client)
    {
        EngineSession session = client.CurrentSession!;
        await base.KillAsync(client);

        // The next engine is in this process too: a client that asks later would take it for the last one.
        await session.WaitForEndAsync(CancellationToken.None).OrBroken("the client to find out why the connection has ended");
        await Engine.DisposeAsync();
        Replace(FakeEngine.Listen(Folder, Script));
    }
}
