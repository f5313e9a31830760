using Orchard.Cli.Tests;
using Orchard.Testing;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.Cli.Tests;

/// <summary>One engine with the starter model for the whole suite.</summary>
public sealed class EngineFixture : OrchardFixture, IAsyncLifetime
{
    private int _copies;

    /// <summary>Runs a command in this process against the engine of the suite.</summary>
    internal Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.StartAsync("", [.. arguments, "--engine-root", EngineRoot]);

    /// <summary>Runs a chat in this process, with lines that a person types.</summary>
    internal Task<CommandRun> ChatAsync(string[] lines, params string[] arguments) =>
        CommandRun.StartAsync(lines, [.. arguments, "--engine-root", EngineRoot]);

    /// <summary>A model nobody else uses: another file with the starter model in it.</summary>
    internal string CopyOfStarter()
    {
        string path = Path.Combine(EngineRoot, $"model-{Interlocked.Increment(ref _copies)}.gguf");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path);
        return path;
    }
}
