using System.Diagnostics;
using Orchard.Hub.Store;
using Orchard.TestSupport;

namespace Orchard.Hub.Tests.Store;

/// <summary>The locks of blobs are those of Python's filelock, which the Hugging Face libraries use.</summary>
public sealed class PythonLockTests : IDisposable
{
    private const string Holder = """
        import sys, filelock
        with filelock.FileLock(sys.argv[1]):
            print("held", flush=True)
            sys.stdin.read()
        print("released", flush=True)
        """;

    private const string Prober = """
        import sys, filelock
        try:
            with filelock.FileLock(sys.argv[1], timeout=0):
                print("free", flush=True)
        except filelock.Timeout:
            print("held", flush=True)
        """;

    private readonly TemporaryRoot _folder = new();

    private string LockPath => Path.Combine(_folder.Path, "blob.lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_PythonHoldsTheLock_Waits()
    {
        using Process python = await StartAsync(Holder);
        Assert.Equal("held", await python.StandardOutput.ReadLineAsync().OrBroken("Python to take the lock"));
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<BlobLock> acquire = BlobLock.AcquireAsync(LockPath, TimeProvider.System, () => waiting.TrySetResult(), CancellationToken.None);
        await waiting.Task.OrBroken("the wait for the lock");
        Assert.False(acquire.IsCompleted);

        python.StandardInput.Close();

        using BlobLock held = await acquire.OrBroken("the lock after Python released it");
        await python.WaitForExitAsync().OrBroken("Python to end");
    }

    [Fact]
    public async Task Acquire_WeHoldTheLock_PythonSeesIt()
    {
        using (await BlobLock.AcquireAsync(LockPath, TimeProvider.System, () => { }, CancellationToken.None))
        {
            Assert.Equal("held", await ProbeAsync());
        }

        Assert.Equal("free", await ProbeAsync());
    }

    private async Task<string?> ProbeAsync()
    {
        using Process python = await StartAsync(Prober);
        string? answer = await python.StandardOutput.ReadLineAsync().OrBroken("Python's answer");
        await python.WaitForExitAsync().OrBroken("Python to end");
        return answer;
    }

    private async Task<Process> StartAsync(string script)
    {
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            if (await HasFileLockAsync(python))
            {
                return Process.Start(new ProcessStartInfo(python, ["-c", script, LockPath])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                })!;
            }
        }

        Assert.False(
            Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_FILELOCK") == "1",
            "ORCHARD_REQUIRE_FILELOCK=1, but filelock is not installed for python3 (Debian package python3-filelock).");
        Assert.Skip("filelock is not installed for python3 (Debian package python3-filelock).");
        throw new UnreachableException();
    }

    private static async Task<bool> HasFileLockAsync(string python)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import filelock"]) { RedirectStandardError = true })!;
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().OrBroken("Python to end");
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
