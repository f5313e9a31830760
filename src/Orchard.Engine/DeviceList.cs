using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>Prints which GPU libraries the engine would use, one line each, and why it would not use the others.</summary>
internal static class DeviceList
{
    /// <summary>Loads the libraries and prints what was found. Returns the exit code.</summary>
    public static int Print(TextWriter output, TextWriter errors)
    {
        try
        {
            LlamaLibrary.Use(BackendRules.OfEnvironment());
            LlamaLibrary library = LlamaLibrary.Load();
            foreach (BackendStatus status in library.Backends)
            {
                output.Write($"{status}\n");
            }

            return EngineExitCode.Success;
        }
        catch (Exception e) when (e is NativeLibraryException or InvalidSettingException)
        {
            errors.Write($"orchard-engine: {e.Message}\n");
            return EngineExitCode.BadArguments;
        }
    }
}
