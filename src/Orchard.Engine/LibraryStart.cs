using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Files;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;

namespace Orchard.Engine;

/// <summary>Prepares the native library of an engine.</summary>
internal static class LibraryStart
{
    /// <summary>
    /// Sets how GPU libraries are chosen, tries them out and loads all libraries on another thread, while clients connect. So the first
    /// load of a model does not wait for that, and clients learn early which devices there are.
    /// </summary>
    public static void Prepare(EngineOptions options, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger<LlamaLibrary>();
        LlamaLibrary.Use(BackendRules.OfEnvironment() with
        {
            Choice = options.Devices,
            Cache = new ProbeCache(new ResultFolder(options.Root.DeviceFolder, TimeProvider.System)),
            Logger = logger,
        });
        if (Directory.Exists(NativeFiles.DefaultFolder))
        {
            new Thread(() => Load(logger)) { IsBackground = true, Name = "llama.cpp" }.Start();
        }
    }

    // Never throws.
    private static void Load(ILogger logger)
    {
        try
        {
            LlamaLibrary.Load();
        }
        catch (Exception e)
        {
            logger.LibraryNotLoaded(e.Message); // the load of a model fails with the same reason
        }
    }
}
