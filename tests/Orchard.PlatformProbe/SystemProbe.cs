using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchard.PlatformProbe;

/// <summary>Processes and sockets, as the client and the engine use them.</summary>
internal static partial class SystemProbe
{
    private const int ExitCode = 42;
    private const uint ControlC = 0;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SignalTime = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        // As the client starts the engine.
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["echo"])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process child = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        await child.StandardInput.WriteLineAsync("hello");
        string? echo = await child.StandardOutput.ReadLineAsync(limit.Token);

        string control = "not tried on this system";
        if (OperatingSystem.IsWindows())
        {
            using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
            bool sent = GenerateConsoleControlEvent(ControlC, 0);
            await Task.Delay(SignalTime, limit.Token);
            control = !sent ? $"no console (error {Marshal.GetLastPInvokeError()})" : child.HasExited ? "ends the child too" : "does not reach the child";
        }

        child.StandardInput.Close();
        await child.WaitForExitAsync(limit.Token);
        Console.WriteLine($"pipes: {(echo == "hello" && child.ExitCode == ExitCode ? "work" : $"read '{echo}', exit code {child.ExitCode}")}");
        Console.WriteLine($"Ctrl+C: {control}");
        Console.WriteLine($"unix-domain sockets: {await TrySocketsAsync(limit.Token)}");
        return 0;
    }

    public static int Echo()
    {
        Console.WriteLine(Console.ReadLine());
        while (Console.ReadLine() is not null)
        {
        }

        return ExitCode;
    }

    private static async Task<string> TrySocketsAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("orc-").FullName, "s");
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            using Socket server = await listener.AcceptAsync(cancellationToken);
            await client.SendAsync("hello"u8.ToArray(), cancellationToken);
            return await server.ReceiveAsync(new byte[5], cancellationToken) == 5 ? "work" : "lose bytes";
        }
        catch (SocketException e)
        {
            return $"{e.SocketErrorCode}";
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [LibraryImport("kernel32", EntryPoint = "GenerateConsoleCtrlEvent", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleControlEvent(uint signal, uint group);
}
