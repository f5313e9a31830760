using System.Diagnostics;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What an engine gets from the program that starts it, where its files are, and what is refused before it starts.</summary>
public sealed class EngineStartTests : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryRoot _root = new();

    public static bool HasModes => !OperatingSystem.IsWindows();

    public static bool HasProc => OperatingSystem.IsLinux();

    public static bool CanMount => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    private EngineRoot Root => EngineRoot.At(_root.Path);

    public async ValueTask DisposeAsync()
    {
        await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "the engines of the test to leave");
        _root.Dispose();
    }

    [Fact(Skip = "needs /proc", SkipUnless = nameof(HasProc))]
    public async Task Connect_SecretInTheEnvironment_IsNotInThatOfTheEngine()
    {
        await using ChatProcess program = ChatProcess.Start([("MY_API_KEY", "secret-4711"), ("GGML_SETTING", "kept")], _root.Path, "forever");
        program.Go();
        await program.ReadyAsync(Limits.Broken);
        Assert.Equal("busy", await program.ReadLineAsync(Limits.Broken));
        int engine = Processes.Of(_root.Path).Single(pid => pid != program.Id);

        string environment = await File.ReadAllTextAsync($"/proc/{engine}/environ");

        Assert.DoesNotContain("secret-4711", environment, StringComparison.Ordinal);
        Assert.Contains("GGML_SETTING=kept", environment, StringComparison.Ordinal);
        Assert.All([0, 1, 2], stream => Assert.Contains(
            new FileInfo($"/proc/{engine}/fd/{stream}").LinkTarget, (string[])["/dev/null", Root.LogFile])); // nothing of the program
        Assert.Equal(_root.Path, new FileInfo($"/proc/{engine}/cwd").LinkTarget);
    }

    [Theory(Skip = "needs file modes", SkipUnless = nameof(HasModes))]
    [InlineData("")]
    [InlineData("ipc")]
    public async Task Connect_OthersMayWriteToTheFolder_IsRefusedAndNothingIsSent(string folder)
    {
        await using var engine = new ForeignEngine(_root.Path, _ => ForeignEngine.Ok);
        string path = Path.TrimEndingDirectorySeparator(Path.Combine(_root.Path, folder));
        SetMode(path, OwnerOnly | UnixFileMode.OtherWrite);

        var error = await Assert.ThrowsAsync<EngineNotTrustedException>(() => ConnectAsync().OrBroken("the refusal"));
        await Assert.ThrowsAsync<EngineNotTrustedException>(
            () => InferenceEngine.StopAsync(new ClientOptions { EngineRoot = _root.Path }).OrBroken("the second refusal"));

        Assert.Contains($"'{path}' has the mode 0702", error.Message, StringComparison.Ordinal);
        Assert.Contains("ClientOptions.EngineRoot", error.Message, StringComparison.Ordinal);
        Assert.Empty(engine.Commands);
        Assert.Equal(OwnerOnly | UnixFileMode.OtherWrite, Mode(path));
    }

    [Fact(Skip = "needs root", SkipUnless = nameof(CanMount))]
    public async Task Connect_FolderOfAnotherUser_IsRefusedAndNothingIsSent()
    {
        await using var engine = new ForeignEngine(_root.Path, _ => ForeignEngine.Ok);
        await RunAsync("chown", "65534", _root.Path);

        var error = await Assert.ThrowsAsync<EngineNotTrustedException>(() => ConnectAsync().OrBroken("the refusal"));

        Assert.Contains("belongs to user 65534", error.Message, StringComparison.Ordinal);
        Assert.Empty(engine.Commands);
    }

    [Fact]
    public async Task Connect_SocketsOfALiveEngineRemoved_ItsLogStays()
    {
        await using Client client = await ConnectAsync().OrBroken("the engine");
        int pid = client.CurrentSession!.ProcessId!.Value;
        Directory.Delete(Root.IpcDirectory, recursive: true);

        using var log = new StartLog();
        await Assert.ThrowsAsync<EngineStartException>(() => Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = _root.Path,
            StartTimeout = TimeSpan.FromSeconds(2),
            LoggerFactory = log,
        }).OrBroken("the refusal"));

        await log.StartedAsync(1).OrBroken("an engine that was started in vain");
        Assert.Contains($"(process {pid}) serves", await File.ReadAllTextAsync(Root.LogFile), StringComparison.Ordinal);
        Assert.False(File.Exists(Root.LogFile + ".1"));
    }

    [Fact(Skip = "needs to mount a file system", SkipUnless = nameof(CanMount))]
    public async Task Connect_DiskFull_SaysSo()
    {
        string disk = Path.Combine(_root.Path, "disk");
        Directory.CreateDirectory(disk);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", disk);
        try
        {
            EngineRoot.At(disk).Create();
            using (FileStream filler = File.Create(Path.Combine(disk, "filler")))
            {
                Assert.Throws<IOException>(() => filler.Write(new byte[1 << 20]));
            }

            var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync(disk).OrBroken("the refusal"));

            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
            Assert.Contains("exit code 4", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    [Theory(Skip = "needs the home directory to be a variable", SkipUnless = nameof(HasModes))]
    [InlineData("XDG_CACHE_HOME")]
    [InlineData("XDG_RUNTIME_DIR")]
    public async Task Connect_NoHome_UsesTheFolderOfTheVariable(string variable)
    {
        await using ChatProcess program = ChatProcess.Start(
            [.. NoHome, (variable, _root.Path)], "");
        program.Go();

        await program.ReadyAsync(Limits.Broken);
        Assert.EndsWith("Paris.", await program.ReadLineAsync(Limits.Broken), StringComparison.Ordinal);

        Assert.True(File.Exists(Path.Combine(_root.Path, "orchard", "engine.log")));
    }

    [Fact(Skip = "needs the home directory to be a variable", SkipUnless = nameof(HasModes))]
    public async Task Connect_NoHomeAndNoVariable_NamesTheOptionAndCreatesNothing()
    {
        await using ChatProcess program = ChatProcess.Start(NoHome, "");
        program.Go();

        await program.ReadyAsync(Limits.Broken);
        var end = await Assert.ThrowsAsync<InvalidOperationException>(() => program.ReadLineAsync(Limits.Broken));

        Assert.Contains(nameof(EngineStartException), end.Message, StringComparison.Ordinal);
        Assert.Contains("ORCHARD_CACHE_ROOT", end.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(".cache") || Directory.Exists("orchard") || Directory.Exists("com.theproxycompany"));
    }

    [Fact]
    public async Task Connect_LogNamedByTheVariable_TheEngineWritesThere()
    {
        string log = Path.Combine(_root.Path, "mine.log");
        await using ChatProcess program = ChatProcess.Start([(EngineRoot.LogVariable, log)], _root.Path);
        program.Go();

        await program.ReadyAsync(Limits.Broken);
        Assert.EndsWith("Paris.", await program.ReadLineAsync(Limits.Broken), StringComparison.Ordinal);

        Assert.Contains("serves", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        Assert.False(File.Exists(Root.LogFile));
    }

    [Theory]
    [InlineData("ORCHARD_PIE_COMPATIBLE", "maybe", "1 or 0")]
    [InlineData("ORCHARD_CACHE_ROOT", "engines", "an absolute path")]
    [InlineData("ORCHARD_CONTEXT_LENGTH", "0", "a whole number from 1 to ")]
    [InlineData("ORCHARD_ENGINE_SPECULATION", "maybe", "1 or 0")]
    public async Task Connect_VariableThatCannotBeUsed_IsRefusedByName(string variable, string value, string allowed)
    {
        string root = variable == EngineRoot.CacheRootVariable ? "" : _root.Path;
        await using ChatProcess program = ChatProcess.Start([(variable, value)], root);
        program.Go();

        await program.ReadyAsync(Limits.Broken);
        var end = await Assert.ThrowsAsync<InvalidOperationException>(() => program.ReadLineAsync(Limits.Broken));

        Assert.Contains($"The environment variable {variable} is '{value}'. Set it to {allowed}", end.Message, StringComparison.Ordinal);
    }

    private static (string, string?)[] NoHome =>
        [("HOME", "/nonexistent/home"), ("XDG_CACHE_HOME", null), ("XDG_RUNTIME_DIR", null), (EngineRoot.CacheRootVariable, null)];

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync().OrBroken(program);
        Assert.Equal(0, process.ExitCode);
    }

    private Task<Client> ConnectAsync(string? path = null) =>
        Client.ConnectAsync(new ClientOptions { EngineRoot = path ?? _root.Path, EngineGraceTime = TimeSpan.FromSeconds(0.2) });
}
