using Orchard.Samples.Tests;
using Orchard.Testing;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Orchard.Samples.Tests;

/// <summary>One real engine for the samples.</summary>
public sealed class EngineFixture : OrchardFixture, IAsyncLifetime;
