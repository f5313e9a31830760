using Orchard.Server.Tests;
using Orchard.Testing;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.Server.Tests;

/// <summary>One real engine for all tests.</summary>
public sealed class EngineFixture : OrchardFixture, IAsyncLifetime;
