using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Hosting;

/// <summary>The files that say which process serves a namespace: <c>engine.pid</c> and <c>engine.ready</c>.</summary>
internal static class IdentityFiles
{
    /// <summary>Writes both.</summary>
    /// <exception cref="IOException">Something else is in their place, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static void Write(EngineRoot root, int pid)
    {
        PidFile.Write(root.PidFile, pid);
        PidFile.Write(root.ReadyFile, pid);
    }

    /// <summary>Removes those that hold <paramref name="pid"/>; a successor's are left alone. Never throws for files that are gone or locked.</summary>
    public static void RemoveOwn(EngineRoot root, int pid)
    {
        PidFile.RemoveOwn(root.ReadyFile, pid);
        PidFile.RemoveOwn(root.PidFile, pid);
    }
}
