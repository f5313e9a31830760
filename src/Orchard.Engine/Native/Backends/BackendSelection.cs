using System.Security.Cryptography;

namespace Orchard.Engine.Native.Backends;

/// <summary>Decides which GPU libraries are loaded: those that the user allows, that belong to this release, and that work.</summary>
/// <param name="rules">The rules.</param>
/// <param name="ggmlBase">Path of the library <c>ggml-base</c> in use.</param>
/// <param name="version">Version of the library in use, such as <c>0.5.0-dev</c>.</param>
/// <param name="isGivenFolder">Whether the user has named the folder of the libraries, and so answers for what is in it.</param>
internal sealed class BackendSelection(BackendRules rules, string ggmlBase, string version, bool isGivenFolder)
{
    private string[]? _digests;

    /// <summary>Returns why a library is not loaded; null if it can be. May block for as long as a trial takes.</summary>
    /// <param name="file">The library.</param>
    /// <param name="used">The name of a GPU library that is used already; null if there is none.</param>
    /// <param name="environment">Receives the variables that have to be set for it.</param>
    public string? FindObstacle(BackendFile file, string? used, out Dictionary<string, string> environment)
    {
        environment = [];
        GpuBackend backend = file.Backend;
        if (!rules.Choice.Allows(backend))
        {
            return $"The environment variable ORCHARD_DEVICES names only {string.Join(", ", rules.Choice.Names!)}.";
        }

        if (used is not null && !rules.Choice.Mentions(backend))
        {
            return $"The GPUs are used through {used}. To use them through {backend.Name}, set ORCHARD_DEVICES to {backend.Name}.";
        }

        if (FindOtherRelease(file) is { } mismatch)
        {
            return mismatch;
        }

        if (backend.VisibleDevices is { } variable && rules.Choice.NumbersOf(backend) is { } numbers
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            environment[variable] = numbers;
        }

        return backend.IsProbed && rules.Probe is { } probe ? Probe(file.Path, environment, probe).Problem : null;
    }

    private ProbeResult Probe(
        string path, Dictionary<string, string> environment, Func<string, IReadOnlyDictionary<string, string>, ProbeResult> probe)
    {
        if (rules.Cache is not { } cache)
        {
            return probe(path, environment);
        }

        string key = DriverIdentity.KeyOf(path, environment);
        if (cache.Find(key) is { } known)
        {
            return known;
        }

        ProbeResult result = probe(path, environment);
        cache.Store(key, result);
        return result;
    }

    private string? FindOtherRelease(BackendFile file)
    {
        string digestFile = file.Path + BackendFile.DigestExtension;
        if (!File.Exists(digestFile))
        {
            return isGivenFolder || !file.Backend.IsProbed ? null
                : $"'{file.Path}' does not say for which release it was built: '{digestFile}' is missing. "
                    + "Use the package of Orchard for it.";
        }

        _digests ??= FindDigests();
        string[] lines = File.ReadAllLines(digestFile);
        string release = lines.ElementAtOrDefault(1)?.Trim() ?? "";
        return _digests.Contains(lines.ElementAtOrDefault(0)?.Trim(), StringComparer.OrdinalIgnoreCase)
            || (OperatingSystem.IsWindows() && IsVersionOf(release)) // where the time of the build is in each file
            ? null
            : $"'{file.Path}' belongs to another release of llama.cpp. Use the same version of all packages of Orchard.";
    }

    private string[] FindDigests()
    {
        string packaged = ggmlBase + BackendFile.PackagedExtension;
        string digest = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(ggmlBase)));
        return File.Exists(packaged) ? [digest, File.ReadAllText(packaged).Trim()] : [digest];
    }

    private bool IsVersionOf(string release) =>
        release.Length > 0 && (version == release || version.StartsWith(release + "-", StringComparison.Ordinal));
}
