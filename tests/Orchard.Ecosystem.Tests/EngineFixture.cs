using Orchard.Ecosystem.Tests;
using Orchard.Testing;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.Ecosystem.Tests;

/// <summary>The real engine with the starter model, shared by all tests, which run in parallel.</summary>
public sealed class EngineFixture : OrchardFixture, IAsyncLifetime
{
    /// <summary>The chat client, without middleware.</summary>
    public IChatClient Chat => Client.AsIChatClient("starter");
}
