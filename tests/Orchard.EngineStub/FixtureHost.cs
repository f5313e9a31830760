using Orchard.Testing;

namespace Orchard.EngineStub;

/// <summary>Not an engine for once, but a test process with a fixture, which waits to be killed.</summary>
internal static class FixtureHost
{
    public const string Command = "fixture";

    public static async Task RunAsync()
    {
        await using var fixture = new OrchardFixture();
        await fixture.InitializeAsync();
        Console.WriteLine(fixture.EngineRoot);
        Console.WriteLine(fixture.Engine.ProcessId);
        await Death.OfOldAgeAsync();
    }
}
