using System.ComponentModel;
using System.Diagnostics;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.Protocol.Tests.Processes;

public sealed class FileLockTests : IDisposable
{
    // Takes the lock as PIE does and reports it; at the next line deletes the file and releases the lock, as some PIE-compatible clients do.
    private const string PythonHolder =
        """
        import fcntl, os, sys
        file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("refused", flush=True)
            sys.exit()
        print("held", flush=True)
        sys.stdin.readline()
        os.unlink(sys.argv[1])
        fcntl.flock(file, fcntl.LOCK_UN)
        print("released", flush=True)
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ol-");

    private string LockPath => Path.Combine(_folder.FullName, "engine.lock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TryAcquire_Held_IsNullUntilReleasedAndTheFileStays()
    {
        using (FileLock? held = FileLock.TryAcquire(LockPath))
        {
            Assert.NotNull(held);
            Assert.Null(FileLock.TryAcquire(LockPath));
        }

        Assert.True(File.Exists(LockPath));
        using FileLock? again = FileLock.TryAcquire(LockPath);
        Assert.NotNull(again);
    }

    [Fact]
    public void TryAcquire_NewFile_IsForItsOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using FileLock? held = FileLock.TryAcquire(LockPath);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LockPath));
        }
    }

    [Fact]
    public void TryAcquire_Folder_SaysWhich()
    {
        var error = Assert.ThrowsAny<Exception>(() => FileLock.TryAcquire(_folder.FullName));

        Assert.True(error is IOException or UnauthorizedAccessException, error.GetType().Name);
        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryAcquire_MissingFolder_Throws() =>
        Assert.ThrowsAny<IOException>(() => FileLock.TryAcquire(Path.Combine(_folder.FullName, "no", "lock")));

    [Fact]
    public async Task TryAcquire_PythonHolds_IsNullUntilItReleases()
    {
        using Process python = StartPython();
        Assert.Equal("held", await LineAsync(python));

        Assert.Null(FileLock.TryAcquire(LockPath));
        await python.StandardInput.WriteLineAsync();
        Assert.Equal("released", await LineAsync(python));

        using FileLock? held = FileLock.TryAcquire(LockPath);
        Assert.NotNull(held);
    }

    [Fact]
    public async Task TryAcquire_WeHold_PythonIsRefused()
    {
        using FileLock? held = FileLock.TryAcquire(LockPath);

        using Process python = StartPython();

        Assert.Equal("refused", await LineAsync(python));
    }

    /// <summary>
    /// The file is deleted after it was opened and before it was locked. Another process may hold a lock on the next file, so a lock on the
    /// old file is worthless.
    /// </summary>
    [Fact]
    public async Task TryAcquire_HoldersThatUnlinkOnRelease_NeverTwoAtOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not unlink open files.");
        const int Turns = 300;
        int inside = 0;
        int worst = 0;

        async Task TakeTurnsAsync()
        {
            await Task.Yield();
            for (int turn = 0; turn < Turns;)
            {
                using FileLock? held = FileLock.TryAcquire(LockPath);
                if (held is null)
                {
                    await Task.Yield();
                    continue;
                }

                turn++;
                worst = Math.Max(worst, Interlocked.Increment(ref inside));
                Thread.SpinWait(100);
                Interlocked.Decrement(ref inside);
                File.Delete(LockPath);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(TakeTurnsAsync))).OrBroken("four holders with 300 turns each");

        Assert.Equal(1, worst);
    }

    private Process StartPython()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "PIE's lock is flock, which Windows does not have.");
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", PythonHolder, LockPath])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            throw;
        }
    }

    private static async Task<string?> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().OrBroken("a line of the other program");
}
