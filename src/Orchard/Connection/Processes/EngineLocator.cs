using Orchard.Protocol;

namespace Orchard.Connection.Processes;

/// <summary>Finds the engine executable.</summary>
internal static class EngineLocator
{
    public const string PathVariable = "ORCHARD_ENGINE_PATH";

    // The same program under the only name that the family's clients accept for an engine: started under it, they share it with us.
    private const string FamilyName = "proxy_inference_engine";
    private const string Name = "orchard-engine";

    /// <summary>The first of: the option, the environment variable, beside the application, the user's install folder.</summary>
    /// <exception cref="EngineNotFoundException">None of them holds the executable, or the one named explicitly does not exist.</exception>
    /// <exception cref="EngineStartException">The file is there but may not be executed.</exception>
    public static string Locate(string? option)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return Named(option, $"{nameof(ClientOptions)}.{nameof(ClientOptions.EnginePath)}");
        }

        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } variable)
        {
            return Named(variable, $"the environment variable {PathVariable}");
        }

        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, "engine", FileName(FamilyName)),
            Path.Combine(AppContext.BaseDirectory, "engine", FileName(Name)),

            // Under the family's name another engine may be installed here: one to share when it runs, not one to start.
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".orchard", "bin", FileName(Name)),
        ];
        return places.FirstOrDefault(File.Exists) is { } found
            ? Executable(found)
            : throw new EngineNotFoundException(
                $"No engine executable. Looked at {string.Join(", ", places.Select(place => $"'{place}'"))}. Reference the package Orchard.Engine, or set {PathVariable} to the executable.");
    }

    private static string FileName(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    private static string Named(string path, string source)
    {
        string full = UserPath.GetFullPath(path);
        return File.Exists(full)
            ? Executable(full)
            : throw new EngineNotFoundException($"There is no engine executable at '{full}', which {source} names. Correct the path, or leave it unset.");
    }

    private static string Executable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0
            ? path
            : throw new EngineStartException($"The engine at '{path}' is not executable. Run: chmod +x '{path}'");
    }
}
