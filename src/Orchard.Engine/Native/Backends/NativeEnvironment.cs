using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Backends;

/// <summary>
/// The environment of the process as native code reads it. The runtime has a copy of its own, so that setting a variable there has no
/// effect on libraries.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable, before a library that reads it is loaded.</summary>
    public static void Set(string name, string value)
    {
        _ = OperatingSystem.IsWindows() ? PutVariable(name, value) : SetVariable(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutVariable(string name, string value);
}
