using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>
/// An engine leaves the control group of the program that starts it. <c>systemd-run</c> is a script of the test;
/// <c>tests/platforms/systemd.sh</c> does the same with systemd.
/// </summary>
public sealed class EngineScopeTests : IAsyncDisposable
{
    private const string Groups = "/sys/fs/cgroup/systemd";

    private readonly TemporaryRoot _root = new();
    private readonly TemporaryRoot _programs = new();
    private readonly string _group = Path.Combine(Groups, Path.GetRandomFileName());

    public static bool HasSystemd => OperatingSystem.IsLinux();

    public static bool HasGroups => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists($"{Groups}/cgroup.procs");

    public async ValueTask DisposeAsync()
    {
        await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "the engines of the test to leave");
        _root.Dispose();
        _programs.Dispose();
    }

    [Fact(Skip = "needs Linux", SkipUnless = nameof(HasSystemd))]
    public async Task Connect_ServiceManager_IsAskedForAScopeAndTheEngineKeepsItsProcess()
    {
        string record = Path.Combine(_programs.Path, "record");
        await using ChatProcess program = Start($"echo \"$$ $*\" >'{record}'; shift 7; exec \"$@\"");

        int engine = await AnswerAsync(program);

        string[] call = (await File.ReadAllTextAsync(record)).TrimEnd().Split(' ');
        Assert.Equal(engine.ToString(System.Globalization.CultureInfo.InvariantCulture), call[0]);
        Assert.Equal(["--user", "--scope"], call[1..3]);
    }

    [Theory(Skip = "needs Linux", SkipUnless = nameof(HasSystemd))]
    [InlineData("echo 'Failed to start transient scope unit' >&2; exit 1")]
    [InlineData("kill -9 $$")]
    public async Task Connect_NoScope_TheEngineIsStartedWithoutOne(string script)
    {
        await using ChatProcess program = Start(script);

        Assert.NotEqual(0, await AnswerAsync(program));
    }

    [Fact(Skip = "needs to make control groups", SkipUnless = nameof(HasGroups))]
    public async Task Chat_ServiceThatStartedTheEngineStops_OtherProgramsGoOn()
    {
        string service = Path.Combine(_group, "first.service");
        string scope = Path.Combine(_group, "engine.scope");
        Directory.CreateDirectory(service);
        Directory.CreateDirectory(scope);
        try
        {
            // What stops a service ends all processes of its group. Nothing is set: the program is in a service.
            await using (ChatProcess first = Start($"echo $$ >'{scope}/cgroup.procs'; shift 7; exec \"$@\"", wanted: null, "forever"))
            {
                await File.WriteAllTextAsync(Path.Combine(service, "cgroup.procs"), $"{first.Id}");
                first.Go();
                await first.ReadyAsync(Limits.Broken);
                Assert.Equal("busy", await first.ReadLineAsync(Limits.Broken));
                int engine = Assert.Single(await MembersAsync(scope));
                await using Client second = await Client.ConnectAsync(new ClientOptions { EngineRoot = _root.Path, StartEngine = false })
                    .OrBroken("the second program");

                foreach (int pid in await MembersAsync(service))
                {
                    await Processes.SignalAsync(pid, "KILL");
                }

                await Processes.GoneAsync(first.Id);
                ChatResult answer = await second.ChatAsync("starter", "What is the capital of France?").OrBroken("an answer");
                Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
                Assert.Equal(engine, second.CurrentSession!.ProcessId);
            }
        }
        finally
        {
            await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "the engine to leave");
            await Processes.UntilAsync(
                () => TryDelete(service) && TryDelete(scope) && TryDelete(_group), "the control groups to be empty");
        }
    }

    // A process counts as a member for a moment after it has ended.
    private static bool TryDelete(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true; // in an earlier try
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<int[]> MembersAsync(string group) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(group, "cgroup.procs"))).Select(int.Parse)];

    // A program with a service manager that does as the script says.
    private ChatProcess Start(string script, string? wanted = "1", params string[] arguments)
    {
        string program = Path.Combine(_programs.Path, "systemd-run");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        Directory.CreateDirectory(Path.Combine(_programs.Path, "systemd"));
        File.WriteAllText(Path.Combine(_programs.Path, "systemd", "private"), "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return ChatProcess.Start(
            [
                (EngineVariables.Scope, wanted),
                ("XDG_RUNTIME_DIR", _programs.Path),
                ("PATH", $"{_programs.Path}:{Environment.GetEnvironmentVariable("PATH")}"),
            ],
            [_root.Path, .. arguments]);
    }

    // Returns the process id of the engine.
    private static async Task<int> AnswerAsync(ChatProcess program)
    {
        program.Go();
        await program.ReadyAsync(Limits.Broken);
        string line = await program.ReadLineAsync(Limits.Broken);
        Assert.EndsWith("Paris.", line, StringComparison.Ordinal);
        return int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
