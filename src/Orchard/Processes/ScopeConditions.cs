using Orchard.Protocol.Files;

namespace Orchard.Processes;

/// <summary>What decides whether an engine is started in a scope of its own.</summary>
/// <param name="Groups">The contents of <c>/proc/self/cgroup</c>; null if the system has no such file.</param>
/// <param name="UserId">The effective user id.</param>
/// <param name="Variable">Returns the value of an environment variable, or null.</param>
/// <param name="Exists">Whether a file exists.</param>
internal sealed record ScopeConditions(
    string? Groups, uint UserId, Func<string, string?> Variable, Func<string, bool> Exists)
{
    private const string GroupsFile = "/proc/self/cgroup";

    /// <summary>The conditions of this process.</summary>
    public static ScopeConditions OfThisProcess() => OperatingSystem.IsLinux()
        ? new(ReadGroups(), UnixFiles.UserId, Environment.GetEnvironmentVariable, File.Exists)
        : new(null, 0, static _ => null, static _ => false);

    private static string? ReadGroups()
    {
        try
        {
            return File.ReadAllText(GroupsFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
