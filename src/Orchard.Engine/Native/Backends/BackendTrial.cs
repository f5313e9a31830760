using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native.Backends;

/// <summary>
/// Tries out a GPU library in this process, which the library may end: what the engine does for <see cref="BackendProbe"/>.
/// </summary>
internal static unsafe class BackendTrial
{
    private const nuint TrialBytes = 1 << 20;

    /// <summary>Loads a library of a folder, creates a queue and a buffer on each of its devices, and says whether that worked.</summary>
    /// <param name="file">Path of the library.</param>
    /// <returns>The line for <see cref="ProbeOutput"/>.</returns>
    public static string Run(string file)
    {
        try
        {
            LlamaLibraryFiles.Open(Path.GetDirectoryName(file)!);
            return FindProblem(file) is { } problem ? ProbeOutput.Unusable + problem.ReplaceLineEndings(" ") : ProbeOutput.Usable;
        }
        catch (NativeLibraryException e)
        {
            return ProbeOutput.Unusable + e.Message.ReplaceLineEndings(" ");
        }
    }

    private static string? FindProblem(string file)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        LlamaLog.Attach();
        try
        {
            NativeLibrary.Load(file); // the loader of the library does not always say what is missing
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return $"It could not be loaded: {ReasonIn(e.Message).TrimEnd('.')}.";
        }

        if (NativeFiles.IsLibrary(Path.GetFileName(file), "ggml-vulkan.") && VulkanDrivers.FindProblem() is { } problem)
        {
            return problem;
        }

        nint registry;
        fixed (byte* path = Encoding.UTF8.GetBytes(file + '\0'))
        {
            registry = LlamaApi.ggml_backend_load(path);
        }

        if (registry == 0)
        {
            return $"It could not be loaded. {log.Text}".TrimEnd();
        }

        IReadOnlyList<(nint Device, BackendDevice Facts)> devices = NativeDevices.Of(registry);
        return devices.Count == 0
            ? $"It found no device: there is no GPU or no driver for it. {log.Text}".TrimEnd()
            : devices.Select(device => Use(device.Device, device.Facts)).FirstOrDefault(static problem => problem is not null);
    }

    private static string? Use(nint device, BackendDevice facts)
    {
        nint queue = LlamaApi.ggml_backend_dev_init(device, null);
        if (queue == 0)
        {
            return $"Its device {facts.Name} ({facts.Description}) could not be initialized.";
        }

        nint buffer = LlamaApi.ggml_backend_buft_alloc_buffer(LlamaApi.ggml_backend_dev_buffer_type(device), TrialBytes);
        if (buffer == 0)
        {
            return $"Its device {facts.Name} ({facts.Description}) has no free memory.";
        }

        LlamaApi.ggml_backend_buffer_clear(buffer, 0);
        LlamaApi.ggml_backend_buffer_free(buffer);
        LlamaApi.ggml_backend_free(queue);
        return null;
    }

    // A general line of the runtime is followed by one of the system for each name that was tried.
    private static string ReasonIn(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Skip(1).FirstOrDefault() ?? lines[0];
    }
}
