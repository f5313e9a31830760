using System.Diagnostics;

namespace Fleet.Demonstration;

/// <summary>A member as a process of its own, as it would be on a machine of its own.</summary>
internal sealed class MemberProcess : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private MemberProcess(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Address of the member.</summary>
    public string Address { get; private set; } = "";

    public static async Task<MemberProcess> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet");
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Fleet.exe" : "Fleet");
        var start = new ProcessStartInfo(program, ["member", folder.FullName]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var member = new MemberProcess(folder, Process.Start(start)!);
        member.Address = await member._process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("A member has not started. What it wrote is above.");
        return member;
    }

    /// <summary>Ends the member and its engine at once, as the failure of a machine would.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
