using System.Diagnostics;
using System.Globalization;

namespace Orchard.Processes;

/// <summary>
/// A systemd scope for an engine: a control group of its own, so that the engine stays when the service of the application that started it
/// stops. <c>systemd-run</c> makes it and then becomes the engine, with the same process id and the same streams.
/// </summary>
/// <param name="Program">Path of <c>systemd-run</c>.</param>
/// <param name="RuntimeFolder">The runtime folder of the user, whose service manager is used; null for that of the system.</param>
internal sealed record EngineScope(string Program, string? RuntimeFolder)
{
    public const string ProgramName = "systemd-run";
    public const string RuntimeFolderVariable = "XDG_RUNTIME_DIR";

    // systemd-run itself waits for 25 s or longer.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Makes a process start in the scope.</summary>
    /// <param name="start">The engine, without arguments.</param>
    public void Apply(ProcessStartInfo start)
    {
        string path = start.FileName;
        start.FileName = Program;
        foreach (string argument in (string[])[
            .. RuntimeFolder is null ? Array.Empty<string>() : ["--user"],
            "--scope", "--quiet", "--collect", "--no-ask-password", "--description=Orchard engine", "--", path])
        {
            start.ArgumentList.Add(argument);
        }

        if (RuntimeFolder is not null)
        {
            start.Environment[RuntimeFolderVariable] = RuntimeFolder;
        }
    }

    /// <exception cref="EngineScopeException">The process is not the engine yet after a time that suffices.</exception>
    public void ThrowIfOverdue(int processId, TimeSpan elapsed)
    {
        if (elapsed > Limit && IsPending(processId))
        {
            throw new EngineScopeException($"'{Program}' has not answered for {Limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Returns the error for a process that has ended before the engine was ready.</summary>
    public EngineScopeException Failure(int exitCode, string output) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{Program}' ended with exit code {exitCode}. {output.Trim()}").Trim());

    private static bool IsPending(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").TrimEnd() == ProgramName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended
        }
    }
}
