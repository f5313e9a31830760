using System.Globalization;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Processes;

/// <summary>Whether an engine is started in a scope of its own.</summary>
/// <param name="Scope">The scope; null to start it in the control group of this process.</param>
/// <param name="Service">The service that this process belongs to, or a description of this process.</param>
/// <param name="Obstacle">Why there is no scope although one is needed; null if there is one, or none is needed.</param>
internal readonly record struct ScopeChoice(EngineScope? Scope, string Service, string? Obstacle)
{
    private const string SystemManager = "/run/systemd/private";

    /// <exception cref="InvalidSettingException">The variable has a value that is not allowed.</exception>
    public static ScopeChoice Of(ScopeConditions conditions)
    {
        bool? wanted = Setting.OfVariable(EngineVariables.Scope, conditions.Variable).Flag();
        string? service = conditions.Groups is { } groups ? ControlGroup.ServiceOf(groups) : null;
        string name = service ?? "this application";
        if (conditions.Groups is null || wanted is false || (service is null && wanted is not true))
        {
            return new ScopeChoice(null, name, null);
        }

        if (FindProgram(conditions) is not { } program)
        {
            return new ScopeChoice(null, name, $"there is no {EngineScope.ProgramName} on the PATH");
        }

        // Services of the system do not have the variable, although the user may have a service manager.
        string folder = conditions.Variable(EngineScope.RuntimeFolderVariable) is { Length: > 0 } given
            ? given : string.Create(CultureInfo.InvariantCulture, $"/run/user/{conditions.UserId}");
        if (conditions.Exists($"{folder}/systemd/private") || conditions.Exists($"{folder}/bus"))
        {
            return new ScopeChoice(new EngineScope(program, folder), name, null);
        }

        return conditions.UserId == 0 && conditions.Exists(SystemManager)
            ? new ScopeChoice(new EngineScope(program, null), name, null)
            : new ScopeChoice(null, name, "the user has no service manager; 'loginctl enable-linger' starts one");
    }

    // The working directory does not count, as it would for a name without a folder.
    private static string? FindProgram(ScopeConditions conditions) => (conditions.Variable("PATH") ?? "")
        .Split(':')
        .Where(folder => folder.StartsWith('/'))
        .Select(folder => Path.Combine(folder, EngineScope.ProgramName))
        .FirstOrDefault(conditions.Exists);
}
