using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What may lie in a namespace's folder when an engine is wanted: it starts, or the error names the path and what to do.</summary>
public sealed class NamespaceTests : IDisposable
{
    // Above any id that Linux, macOS or Windows gives by default.
    private const string DeadPid = "2000000000\n";

    private readonly TemporaryRoot _root = new();

    public static TheoryData<string> StalePidFiles =>
        new(DeadPid, $"{Environment.ProcessId}\n", "", "\0\0\0\0\0\0");

    public static TheoryData<string> Files =>
        new("engine.pid", "engine.ready", "engine.lock", "engine.instance.lock", "engine.log", "ipc/requests.ipc", "ipc/responses.ipc", "ipc/management.ipc");

    private EngineRoot Root => EngineRoot.At(_root.Path);

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(StalePidFiles))]
    public async Task Connect_PidFileOfNoEngine_StartsOne(string text)
    {
        await File.WriteAllTextAsync(Root.PidFile, text);
        await File.WriteAllTextAsync(Root.ReadyFile, text);

        await StartsAsync();
    }

    [Fact]
    public async Task Connect_SocketsNoClientConnectedOn_StartsAnEngine()
    {
        Root.Create();
        foreach (string path in new[] { Root.RequestSocket, Root.ResponseSocket, Root.ManagementSocket })
        {
            string elsewhere = path + ".x";
            using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                socket.Bind(new UnixDomainSocketEndPoint(elsewhere));
                File.Move(elsewhere, path); // so that closing it leaves the file, as a crash does
            }
        }

        await StartsAsync();
    }

    [Theory]
    [InlineData("engine.pid")]
    [InlineData("ipc/requests.ipc")]
    [InlineData("ipc/responses.ipc")]
    [InlineData("ipc/management.ipc")]
    public async Task Connect_AnotherProgramsFileInTheWay_SaysWhichAndLeavesIt(string name)
    {
        Root.Create();
        string path = Path.Combine(_root.Path, name);
        await File.WriteAllTextAsync(path, "somebody's notes");

        EngineStartException error = await RefusedAsync();

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Move or delete it", error.Message, StringComparison.Ordinal);
        Assert.Equal("somebody's notes", await File.ReadAllTextAsync(path));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Connect_AFolderInTheWay_SaysWhichAndLeavesIt(string name)
    {
        Root.Create();
        string path = Path.Combine(_root.Path, name);
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, "content"), "");

        EngineStartException error = await RefusedAsync();

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(path, "content")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/ipc")]
    public async Task Connect_AFileWhereTheFolderShouldBe_SaysWhichAndLeavesIt(string below)
    {
        string path = Path.Combine(_root.Path, "namespace");
        string file = path + below;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "somebody's notes");

        EngineStartException error = await RefusedAsync(path);

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("EngineRoot", error.Message, StringComparison.Ordinal);
        Assert.Equal("somebody's notes", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Connect_FolderThatCannotBeMade_SaysWhichAndWhatToSet()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a place where not even root can make a folder: /proc.");

        EngineStartException error = await RefusedAsync("/proc/orchard");

        Assert.Contains("/proc/orchard", error.Message, StringComparison.Ordinal);
        Assert.Contains("EngineRoot", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_FolderReadOnly_SaysWhichFileAndWhatToSet()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "For root no folder is read-only.");
        Root.Create();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_root.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        try
        {
            EngineStartException error = await RefusedAsync();

            Assert.Contains(Root.LaunchLockFile, error.Message, StringComparison.Ordinal);
            Assert.Contains("EngineRoot", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_root.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public async Task Connect_AnotherProgramIsStartingAnEngine_WaitsForItsLock()
    {
        Root.Create();
        using FileLock other = FileLock.TryAcquire(Root.LaunchLockFile)!;

        var error = await Assert.ThrowsAsync<EngineStartException>(
            () => Client.ConnectAsync(new ClientOptions { EngineRoot = _root.Path, StartTimeout = TimeSpan.FromSeconds(0.5) }).OrBroken("the refusal"));

        Assert.Contains(Root.LaunchLockFile, error.Message, StringComparison.Ordinal);
        Task<Client> connecting = ConnectAsync();
        other.Dispose();
        await LeaveAsync(await connecting.OrBroken("the engine"));
    }

    [Fact]
    public async Task Connect_EngineAboutToLeave_WaitsAndStartsItsOwn()
    {
        Root.Create();
        FileLock leaving = FileLock.TryAcquire(Root.InstanceLockFile)!;

        using var log = new StartLog();
        Task<Client> connecting = ConnectAsync(loggers: log);
        await log.StartedAsync(2).OrBroken("an engine to find the namespace taken, and the next one to be started");
        leaving.Dispose();

        await LeaveAsync(await connecting.OrBroken("the engine after the one that left"));
    }

    private async Task StartsAsync()
    {
        Client client = await ConnectAsync().OrBroken("the engine");
        Assert.Equal(client.CurrentSession!.ProcessId, PidFile.Read(Root.PidFile));
        await LeaveAsync(client);
    }

    private async Task<EngineStartException> RefusedAsync(string? path = null)
    {
        var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync(path).OrBroken("the refusal"));
        await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "whatever was started to end");
        return error;
    }

    private Task<Client> ConnectAsync(string? path = null, ILoggerFactory? loggers = null) => Client.ConnectAsync(
        new ClientOptions { EngineRoot = path ?? _root.Path, EngineGraceTime = TimeSpan.FromSeconds(0.2), LoggerFactory = loggers });

    private static async Task LeaveAsync(Client client)
    {
        int pid = client.CurrentSession!.ProcessId!.Value;
        await client.DisposeAsync();
        await Processes.GoneAsync(pid);
    }
}
