using Orchard.Models;

namespace Orchard.Interleaving.Scenarios;

/// <summary>Callers of a registry, without an engine.</summary>
internal abstract class RegistryScenario : Scenario
{
    /// <summary>A file that exists; nobody reads it.</summary>
    protected static string Model { get; } = Environment.ProcessPath!;

    protected static ModelRegistry CreateRegistry(Schedule schedule, SimulatedActivator activator) =>
        new(new ModelResolver(AppContext.BaseDirectory), activator, schedule.Time);

    protected static void VerifyUnused(ModelRegistry registry) =>
        Verify(registry.GetStatus(Model).Users == 0, "Everybody has left, but the model counts as used.");
}
