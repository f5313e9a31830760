using Orchard.EndToEnd.Tests;
using Orchard.Testing;
using Orchard.TestSupport;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.EndToEnd.Tests;

/// <summary>One engine with the starter model, and one client, for the whole suite: test classes run side by side against it.</summary>
public sealed class EngineFixture : OrchardFixture, IAsyncLifetime
{
    private int _copies;

    /// <summary>A software device may compute longer than clients wait by default.</summary>
    protected override void Configure(EngineOptions options) => options.StallTimeout = Limits.Broken;

    /// <summary>
    /// A model nobody else uses: another file with the starter model in it, which the engine loads, schedules and counts on its own.
    /// </summary>
    internal string CopyOfStarter()
    {
        string path = NewModelPath();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path);
        return path;
    }

    /// <summary>Where a test can write a model of its own.</summary>
    internal string NewModelPath() => Path.Combine(EngineRoot, $"model-{Interlocked.Increment(ref _copies)}.gguf");
}
