using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;

namespace Orchard.Engine.Native.Backends;

/// <summary>Loads the libraries that compute: those for GPUs, and the best one for this processor.</summary>
/// <param name="folder">The folder of the libraries.</param>
/// <param name="selection">Decides which GPU libraries are loaded.</param>
/// <param name="logger">Logs what is loaded.</param>
internal sealed unsafe class BackendLoader(string folder, BackendSelection selection, ILogger logger)
{
    private const string Score = "ggml_backend_score";

    /// <summary>Loads them one by one, so that it is known why one is not used.</summary>
    /// <param name="files">The GPU libraries in the folder.</param>
    public IReadOnlyList<BackendStatus> Load(IReadOnlyList<BackendFile> files)
    {
        var all = new List<BackendStatus>();
        foreach (BackendFile file in files)
        {
            all.Add(Load(file, all.Find(static other => other.IsUsed)?.Name));
        }

        LoadForProcessor("ggml-blas");
        LoadForProcessor("ggml-cpu");
        return all;
    }

    /// <summary>Loads all libraries in the folder as llama.cpp does it.</summary>
    public void LoadAll()
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            LlamaApi.ggml_backend_load_all_from_path(path);
        }
    }

    /// <summary>Returns what the user names and what is not in the folder.</summary>
    public static IEnumerable<BackendStatus> FindMissing(DeviceChoice choice, IReadOnlyList<BackendFile> files) => GpuBackend.All
        .Where(backend => choice.Mentions(backend) && files.All(file => file.Backend != backend))
        .Select(static backend => new BackendStatus(
            backend.Name, $"The engine has no library for it. Add the package for {backend.Name} to the application.", []));

    /// <summary>Logs whether a library is used.</summary>
    public void Report(BackendStatus status)
    {
        if (status.IsUsed)
        {
            logger.BackendUsed(status.ToString());
        }
        else
        {
            logger.BackendNotUsed(status.ToString());
        }
    }

    private BackendStatus Load(BackendFile file, string? used)
    {
        string name = file.Backend.Name;
        if (selection.FindObstacle(file, used, out Dictionary<string, string> environment) is { } obstacle)
        {
            return new BackendStatus(name, obstacle, []);
        }

        foreach ((string variable, string value) in environment)
        {
            NativeEnvironment.Set(variable, value);
        }

        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        nint registry = LoadFile(file.Path);
        IReadOnlyList<BackendDevice> devices = registry == 0 ? [] : [.. NativeDevices.Of(registry).Select(static device => device.Facts)];
        return devices.Count > 0 ? new BackendStatus(name, null, devices)
            : new BackendStatus(name, registry == 0 ? $"It could not be loaded. {log.Text}".TrimEnd() : "It found no device.", []);
    }

    // There may be variants for processors with certain instructions, which say how well they suit.
    private void LoadForProcessor(string name)
    {
        string? best = null;
        int bestScore = 0;
        string? plain = null;
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            if (NativeFiles.IsLibrary(Path.GetFileName(file), name + "."))
            {
                plain = file;
            }
            else if (NativeFiles.IsLibrary(Path.GetFileName(file), name + "-") && ScoreOf(file) is var score && score > bestScore)
            {
                (best, bestScore) = (file, score);
            }
        }

        if ((best ?? plain) is { } chosen)
        {
            LoadFile(chosen);
        }
    }

    private static int ScoreOf(string file)
    {
        if (!NativeLibrary.TryLoad(file, out nint library))
        {
            return 0;
        }

        int score = NativeLibrary.TryGetExport(library, Score, out nint function) ? ((delegate* unmanaged[Cdecl]<int>)function)() : 0;
        NativeLibrary.Free(library);
        return score;
    }

    private static nint LoadFile(string file)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(file + '\0'))
        {
            return LlamaApi.ggml_backend_load(path);
        }
    }
}
