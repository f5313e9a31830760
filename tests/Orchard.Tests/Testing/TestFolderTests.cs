using System.Diagnostics;
using Orchard.Protocol;
using Orchard.Protocol.Sockets;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Testing;

public sealed class TestFolderTests : IDisposable
{
    private readonly string _parent = TestFolder.Create();

    public void Dispose() => TestFolder.Delete(_parent);

    [Fact]
    public void Create_Twice_TwoFoldersWhoseSocketsFit()
    {
        string second = TestFolder.Create();

        Assert.NotEqual(_parent, second);
        Assert.True(Directory.Exists(second));
        UnixSocket.ValidatePath(EngineRoot.At(second).ManagementSocket);
        TestFolder.Delete(second);
        Assert.False(Directory.Exists(second));
    }

    [Fact]
    public async Task Sweep_FoldersOfDeadProcesses_AreGoneAndNoOthers()
    {
        int dead = await DeadProcessIdAsync();
        string ours = Folder(Environment.ProcessId, 1);
        string left = Folder(dead, 1);
        string withEngine = Folder(dead, 2);
        await File.WriteAllTextAsync(Path.Combine(withEngine, "engine.pid"), $"{Environment.ProcessId}\n");
        string foreign = Directory.CreateDirectory(Path.Combine(_parent, "orc-abc")).FullName;

        TestFolder.Sweep(_parent);

        Assert.False(Directory.Exists(left));
        Assert.All([ours, withEngine, foreign], folder => Assert.True(Directory.Exists(folder), folder));
    }

    private string Folder(int processId, int number) => Directory.CreateDirectory(TestFolder.PathOf(_parent, processId, number)).FullName;

    private static async Task<int> DeadProcessIdAsync()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        await process.WaitForExitAsync().OrBroken("a process to end");
        return process.Id;
    }
}
