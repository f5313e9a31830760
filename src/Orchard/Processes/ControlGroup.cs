namespace Orchard.Processes;

/// <summary>The control group of a process, as far as systemd has made it.</summary>
internal static class ControlGroup
{
    private const string SystemdController = "name=systemd";

    // The service of a user's service manager, which ends with the user's last session. What runs in it is in units of its own.
    private const string UserManager = "user@";

    /// <summary>
    /// Returns the systemd service that a process belongs to, which ends the process when it stops; null if there is none.
    /// </summary>
    /// <param name="groups">The contents of <c>/proc/PID/cgroup</c>: lines of <c>hierarchy:controllers:path</c>.</param>
    public static string? ServiceOf(string groups)
    {
        // With version 1, systemd has a hierarchy of its own; version 2 has a single one, with the number 0.
        string[][] lines = [.. groups.Split('\n').Select(line => line.Split(':', 3)).Where(fields => fields.Length == 3)];
        string[]? group = Array.Find(lines, fields => fields[1] == SystemdController)
            ?? Array.Find(lines, fields => fields is ["0", "", _]);

        // A service may have made groups below its own.
        string? unit = group?[2].Split('/').LastOrDefault(IsUnit);
        return unit is not null && unit.EndsWith(".service", StringComparison.Ordinal)
            && !unit.StartsWith(UserManager, StringComparison.Ordinal) ? unit : null;
    }

    private static bool IsUnit(string name) =>
        name.EndsWith(".service", StringComparison.Ordinal)
        || name.EndsWith(".scope", StringComparison.Ordinal)
        || name.EndsWith(".slice", StringComparison.Ordinal);
}
