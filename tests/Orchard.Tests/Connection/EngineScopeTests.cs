using System.Diagnostics;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class EngineScopeTests
{
    private const string InService = "0::/system.slice/shop.service\n";

    public static bool HasProc => OperatingSystem.IsLinux();

    [Theory]
    [InlineData("0::/system.slice/shop.service\n", "shop.service")]
    [InlineData("0::/system.slice/system-shop.slice/shop@1.service\n", "shop@1.service")]
    [InlineData("0::/system.slice/shop.service/workers/1\n", "shop.service")] // groups that the service has made
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service\n", "shop.service")]
    [InlineData("9:name=systemd:/system.slice/shop.service\n4:memory:/other\n0::/\n", "shop.service")] // version 1
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope\n", null)]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-terminal-7.scope\n", null)]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service\n", null)] // ends with the user's last session
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/init.scope\n", null)]
    [InlineData("0::/system.slice/docker-4f2a.scope\n", null)]
    [InlineData("0::/kubepods.slice/kubepods-pod7.slice/cri-containerd-9.scope\n", null)]
    [InlineData("0::/\n", null)] // in a container
    [InlineData("4:memory:/system.slice/shop.service\n", null)]
    [InlineData("0::/a:b/shop.service\n", "shop.service")]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void ServiceOf_Groups_IsTheServiceThatWouldEndTheEngine(string groups, string? service) =>
        Assert.Equal(service, ControlGroup.ServiceOf(groups));

    [Fact]
    public void Of_ServiceAndUserManager_IsAScopeOfTheUser()
    {
        ScopeChoice choice = Choose(InService, ["/usr/bin/systemd-run", "/run/user/1000/systemd/private"]);

        Assert.Equal(new EngineScope("/usr/bin/systemd-run", "/run/user/1000"), choice.Scope);
        Assert.Null(choice.Obstacle);
    }

    [Fact]
    public void Of_RuntimeFolderNamed_IsUsed() => Assert.Equal(
        "/mine",
        Choose(InService, ["/usr/bin/systemd-run", "/mine/bus", "/run/user/1000/bus"], ("XDG_RUNTIME_DIR", "/mine")).Scope?.RuntimeFolder);

    [Fact]
    public void Of_RootWithoutUserManager_IsAScopeOfTheSystem()
    {
        string[] files = ["/usr/bin/systemd-run", "/run/systemd/private"];

        Assert.Equal(new EngineScope("/usr/bin/systemd-run", null), Choose(InService, files, userId: 0).Scope);
        Assert.Contains("enable-linger", Choose(InService, files).Obstacle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/bin")] // not installed there
    [InlineData("")]
    [InlineData(".:bin")] // what is in the working directory is not used
    public void Of_NoSystemdRunOnThePath_SaysSo(string path)
    {
        ScopeChoice choice = Choose(
            InService, ["./systemd-run", "bin/systemd-run", "/run/user/1000/bus"], ("PATH", path));

        Assert.Null(choice.Scope);
        Assert.Equal("shop.service", choice.Service);
        Assert.Equal("there is no systemd-run on the PATH", choice.Obstacle);
    }

    [Theory]
    [InlineData(InService, "0", false)]
    [InlineData(InService, null, true)]
    [InlineData("0::/\n", null, false)]
    [InlineData("0::/\n", "1", true)]
    [InlineData(null, "1", false)] // another operating system
    public void Of_Variable_TurnsItOnAndOff(string? groups, string? variable, bool hasScope)
    {
        ScopeChoice choice = Choose(
            groups, ["/usr/bin/systemd-run", "/run/user/1000/bus"], ("ORCHARD_ENGINE_SCOPE", variable));

        Assert.Equal(hasScope, choice.Scope is not null);
        Assert.Null(choice.Obstacle);
    }

    [Fact]
    public void Of_VariableThatCannotBeUsed_IsRefusedByName() => Assert.Contains(
        "ORCHARD_ENGINE_SCOPE is 'perhaps'",
        Assert.Throws<InvalidSettingException>(() => Choose(InService, [], ("ORCHARD_ENGINE_SCOPE", "perhaps"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Apply_Engine_IsTheArgumentOfSystemdRun()
    {
        var start = new ProcessStartInfo("/opt/my app/orchard-engine");

        new EngineScope("/usr/bin/systemd-run", "/run/user/1000").Apply(start);

        Assert.Equal("/usr/bin/systemd-run", start.FileName);
        Assert.Equal(["--user", "--scope"], start.ArgumentList.Take(2));
        Assert.Equal(["--", "/opt/my app/orchard-engine"], start.ArgumentList.TakeLast(2));
        Assert.Equal("/run/user/1000", start.Environment["XDG_RUNTIME_DIR"]);
    }

    [Fact(Skip = "needs /proc", SkipUnless = nameof(HasProc))]
    public async Task ThrowIfOverdue_SystemdRunDoesNotAnswer_ThrowsAfterItsLimit()
    {
        using var root = new TemporaryRoot();
        string program = Path.Combine(root.Path, EngineScope.ProgramName);
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho waits\nread end\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var scope = new EngineScope(program, null);
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("waits", await process.StandardOutput.ReadLineAsync().OrBroken("the program"));

        scope.ThrowIfOverdue(process.Id, TimeSpan.FromSeconds(4));
        Assert.Throws<EngineScopeException>(() => scope.ThrowIfOverdue(process.Id, TimeSpan.FromSeconds(6)));
        scope.ThrowIfOverdue(Environment.ProcessId, TimeSpan.FromSeconds(6)); // another program: the engine

        process.StandardInput.Close();
        await process.WaitForExitAsync().OrBroken("its end");
    }

    private static ScopeChoice Choose(string? groups, string[] files, (string Name, string? Value) variable = default, uint userId = 1000) =>
        ScopeChoice.Of(new ScopeConditions(
            groups,
            userId,
            name => name == variable.Name ? variable.Value : name == "PATH" ? "/usr/local/bin:/usr/bin" : null,
            files.Contains));
}
