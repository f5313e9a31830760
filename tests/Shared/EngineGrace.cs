using System.Runtime.CompilerServices;

namespace Orchard.TestSupport;

/// <summary>
/// Lets engines that tests start leave soon after their last client, although they would keep their models for minutes by default.
/// </summary>
internal static class EngineGrace
{
    private const string Variable = "ORCHARD_ENGINE_GRACE_SECONDS";

    [ModuleInitializer]
    internal static void Limit()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Environment.SetEnvironmentVariable(Variable, "10");
        }
    }
}
