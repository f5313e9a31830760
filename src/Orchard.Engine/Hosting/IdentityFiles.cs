using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Hosting;

/// <summary>The files with the id of the process that serves a namespace: <c>engine.pid</c> and <c>engine.ready</c>.</summary>
internal static class IdentityFiles
{
    /// <summary>Writes both files.</summary>
    /// <exception cref="IOException">A path is taken by something else, or the folder is not writable.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write there.</exception>
    public static void Write(EngineRoot root, int pid)
    {
        PidFile.Write(root.PidFile, pid);
        PidFile.Write(root.ReadyFile, pid);
    }

    /// <summary>
    /// Removes the files that contain <paramref name="pid"/>, but not those of another engine. Ignores missing and locked files.
    /// </summary>
    public static void RemoveOwn(EngineRoot root, int pid)
    {
        PidFile.RemoveOwn(root.ReadyFile, pid);
        PidFile.RemoveOwn(root.PidFile, pid);
    }
}
