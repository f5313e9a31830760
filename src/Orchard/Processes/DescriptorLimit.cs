using System.ComponentModel;
using System.Net.Sockets;

namespace Orchard.Processes;

/// <summary>The limit of open files of this process.</summary>
internal static class DescriptorLimit
{
    private const int TooManyInSystem = 23; // ENFILE
    private const int TooManyInProcess = 24; // EMFILE

    /// <summary>Returns whether an exception means that this process cannot open another file or socket.</summary>
    /// <remarks>
    /// The runtime reports a failure to create its first socket as a failed type initializer, for as long as the process runs.
    /// </remarks>
    public static bool IsReached(Exception? exception) => exception switch
    {
        TypeInitializationException e =>
            e.TypeName.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) || IsReached(e.InnerException),
        SocketException e => e.SocketErrorCode == SocketError.TooManyOpenSockets,
        Win32Exception e => IsReached(e.NativeErrorCode),
        EngineStartException e => IsReached(e.InnerException),
        IOException e => IsReached(e.HResult) || IsReached(e.InnerException),
        _ => false,
    };

    public static EngineStartException Describe(Exception exception) => new(
        "This process cannot open the sockets to an engine, because it has reached its limit of open files (ulimit -n). "
        + "Raise the limit or close files, and start the application again.",
        exception);

    private static bool IsReached(int error) => !OperatingSystem.IsWindows() && error is TooManyInProcess or TooManyInSystem;
}
