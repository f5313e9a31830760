using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;

namespace Orchard.Engine;

/// <summary>Prepares the native library of an engine.</summary>
internal static class LibraryStart
{
    /// <summary>
    /// Sets how GPU libraries are chosen. If there are any, they are tried out and loaded on another thread at once, so that clients learn
    /// early which devices there are; without any, the library is loaded with the first model.
    /// </summary>
    public static void Prepare(EngineOptions options, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger<LlamaLibrary>();
        LlamaLibrary.Use(BackendRules.OfEnvironment() with
        {
            Choice = options.Devices,
            Cache = new ProbeCache(options.Root.DeviceFolder, TimeProvider.System),
            Logger = logger,
        });
        string folder = NativeFiles.DefaultFolder;
        if (Directory.Exists(folder) && BackendFile.FindAll(folder).Any(static file => file.Backend.IsProbed))
        {
            _ = Task.Run(() => Load(logger)); // never throws
        }
    }

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
