using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orchard.Protocol.Tests.Sockets.Nng;

/// <summary>The few functions of the nng C library (1.x) that the interop tests call. A socket is its 32-bit id.</summary>
internal static partial class NngNative
{
    private const string Library = "nng";

    private static readonly string[] Names = ["libnng.so.1", "libnng.1.dylib", "nng"];

    public static bool IsInstalled { get; } = TryLoad(out _);

    // Distributions ship the versioned library name only.
    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NngNative).Assembly, (name, _, _) => name == Library && TryLoad(out nint handle) ? handle : 0);

    [LibraryImport(Library, EntryPoint = "nng_push0_open")]
    public static partial int OpenPush(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_pull0_open")]
    public static partial int OpenPull(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_pub0_open")]
    public static partial int OpenPub(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_sub0_open")]
    public static partial int OpenSub(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_req0_open")]
    public static partial int OpenReq(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_rep0_open")]
    public static partial int OpenRep(out uint socket);

    [LibraryImport(Library, EntryPoint = "nng_close")]
    public static partial int Close(uint socket);

    [LibraryImport(Library, EntryPoint = "nng_listen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Listen(uint socket, string url, nint listener, int flags);

    [LibraryImport(Library, EntryPoint = "nng_dial", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Dial(uint socket, string url, nint dialer, int flags);

    [LibraryImport(Library, EntryPoint = "nng_socket_set_ms", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetMilliseconds(uint socket, string option, int value);

    [LibraryImport(Library, EntryPoint = "nng_socket_set_size", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetSize(uint socket, string option, nuint value);

    [LibraryImport(Library, EntryPoint = "nng_socket_set_int", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetInt(uint socket, string option, int value);

    [LibraryImport(Library, EntryPoint = "nng_socket_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(uint socket, string option, ReadOnlySpan<byte> value, nuint size);

    [LibraryImport(Library, EntryPoint = "nng_send")]
    public static partial int Send(uint socket, ReadOnlySpan<byte> data, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "nng_recv")]
    public static partial int Receive(uint socket, ref nint data, ref nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "nng_free")]
    public static partial void Free(nint data, nuint size);

    [LibraryImport(Library, EntryPoint = "nng_strerror")]
    public static partial nint Describe(int error);

    private static bool TryLoad(out nint handle)
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out handle))
            {
                return true;
            }
        }

        handle = 0;
        return false;
    }
}
