using System.Reflection;

namespace Orchard.Engine.Hosting;

/// <summary>Version of the engine.</summary>
internal static class EngineVersion
{
    /// <summary>Informational version of the assembly, such as <c>0.1.0</c>.</summary>
    public static string Current { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
