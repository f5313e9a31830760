namespace Orchard.Conformance.Tests;

/// <summary>One engine, of whatever kind, that can answer the questions of the suite and can be killed.</summary>
public abstract class EngineHost : IAsyncLifetime
{
    private int _copies;

    /// <summary>The exception of calls that the engine's end cuts off.</summary>
    public virtual Type Death => typeof(EngineDiedException);

    /// <summary>A folder of this host's own.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("orc-").FullName;

    private static string Starter => Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");

    /// <summary>A new client of the engine, which the test disposes.</summary>
    public abstract Task<Client> ConnectAsync();

    /// <summary>How many load commands the engine that runs now has had for a model.</summary>
    /// <param name="client">A client of the engine.</param>
    /// <param name="model">The model, loaded.</param>
    public abstract Task<long> LoadCommandsAsync(Client client, ModelInfo model);

    /// <summary>Waits until the engine generates nothing.</summary>
    /// <param name="client">A client of the engine.</param>
    public abstract Task IdleAsync(Client client);

    /// <summary>Ends the engine with everything it does. Another one is there for who connects afterwards.</summary>
    /// <param name="client">A client of the engine.</param>
    public abstract Task KillAsync(Client client);

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The path of a model that nobody has loaded yet.</summary>
    public string ColdModel()
    {
        string path = Path.Combine(Folder, $"copy-{Interlocked.Increment(ref _copies)}.gguf");
        File.Copy(Starter, path);
        return NameOf(path);
    }

    /// <summary>The name by which clients ask for a model.</summary>
    /// <param name="model">The engine's name of the model.</param>
    public virtual string NameOf(string model) => model;
}
