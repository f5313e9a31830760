using Orchard.Protocol;

namespace Orchard.Processes;

/// <summary>Finds the engine executable.</summary>
internal static class EngineLocator
{
    public const string PathVariable = "ORCHARD_ENGINE_PATH";

    private const string NativeVariable = "ORCHARD_NATIVE_PATH"; // other libraries for the engine

    // PIE-compatible clients use only engines with this name.
    private const string PieName = "proxy_inference_engine";
    private const string Name = "orchard-engine";

    /// <summary>Whether the engine is named explicitly, and may be another than the one of this release.</summary>
    /// <param name="option">The path in the options; null or empty if it is not set.</param>
    public static bool IsGiven(string? option) =>
        !string.IsNullOrEmpty(option)
        || Setting.OfVariable(PathVariable).Text is not null
        || Setting.OfVariable(NativeVariable).Text is not null;

    /// <summary>
    /// Returns the first of: the option, the environment variable, next to the application, the user's installation directory.
    /// </summary>
    /// <param name="option">The path in the options; null or empty if it is not set.</param>
    /// <param name="isPieCompatible">Whether to prefer the name that PIE-compatible clients require.</param>
    /// <exception cref="EngineNotFoundException">None of them has the executable, or the one given explicitly does not exist.</exception>
    /// <exception cref="EngineStartException">The file is there but may not be executed.</exception>
    public static string Locate(string? option, bool isPieCompatible)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return Named(() => UserPath.GetFullPath(option), $"{nameof(ClientOptions)}.{nameof(ClientOptions.EnginePath)}");
        }

        if (Setting.OfVariable(PathVariable) is { Text: not null } variable)
        {
            return Named(variable.AbsolutePath, $"the environment variable {PathVariable}");
        }

        string bundled = Path.Combine(AppContext.BaseDirectory, "engine");
        List<string> places = [Path.Combine(bundled, FileName(Name))];
        if (isPieCompatible)
        {
            places.Insert(0, Path.Combine(bundled, FileName(PieName)));
        }

        if (UserPath.Home is { } home)
        {
            // PIE's name may belong to another engine that is installed there.
            places.Add(Path.Combine(home, ".orchard", "bin", FileName(Name)));
        }

        return places.FirstOrDefault(File.Exists) is { } found
            ? Executable(found)
            : throw new EngineNotFoundException(
                $"No engine executable. Looked at {string.Join(", ", places.Select(place => $"'{place}'"))}. "
                + $"Reference the package Orchard.Engine, or set {PathVariable} to the executable.");
    }

    private static string FileName(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    private static string Named(Func<string?> path, string source)
    {
        string full;
        try
        {
            full = path()!;
        }
        catch (NoHomeDirectoryException e)
        {
            throw new EngineNotFoundException($"{e.Message} {source} names this path.");
        }
        catch (InvalidSettingException e)
        {
            throw new EngineNotFoundException(e.Message);
        }

        return File.Exists(full)
            ? Executable(full)
            : throw new EngineNotFoundException(
                $"There is no engine executable at '{full}', which {source} names. Correct the path, or leave it unset.");
    }

    private static string Executable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0
            ? path
            : throw new EngineStartException($"The engine at '{path}' is not executable. Run: chmod +x '{path}'");
    }
}
