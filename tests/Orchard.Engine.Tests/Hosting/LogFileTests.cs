using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Hosting;
using Orchard.Engine.Tests.Serving;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Hosting;

public sealed class LogFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string LogPath => Path.Combine(_directory.Path, "engine.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_FileOfTheEngineBefore_IsKeptAside()
    {
        File.WriteAllText(LogPath, "before");
        File.WriteAllText(LogPath + ".1", "older");

        using LogFile log = LogFile.Open(LogPath, Itself);
        log.Write("now"u8);

        Assert.Equal("now", Read(LogPath));
        Assert.Equal("before", Read(LogPath + ".1"));
    }

    [Fact]
    public void Open_EmptyFile_DoesNotReplaceTheOneAside()
    {
        File.WriteAllText(LogPath, "");
        File.WriteAllText(LogPath + ".1", "older");

        using LogFile log = LogFile.Open(LogPath, Itself);

        Assert.Equal("older", Read(LogPath + ".1"));
    }

    [Fact]
    public void Open_FolderInTheWay_SaysWhich()
    {
        Directory.CreateDirectory(LogPath);

        Assert.Contains(LogPath, Assert.Throws<IOException>(() => LogFile.Open(LogPath, Itself)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FolderRemoved_IsNoFailure()
    {
        string folder = Path.Combine(_directory.Path, "gone");
        Directory.CreateDirectory(folder);
        using LogFile log = LogFile.Open(Path.Combine(folder, "engine.log"), Itself, maxBytes: 10);
        Directory.Delete(folder, recursive: true);

        log.Write(new byte[20]);
    }

    [Fact]
    public async Task Logger_WritesForLong_KeepsBothFilesSmallAndSaysSo()
    {
        const int MaxBytes = 4_000;
        using (LogFile file = LogFile.Open(LogPath, Itself, MaxBytes))
        {
            var log = new EngineLoggerProvider(Stream.Null, new FakeTimeProvider());
            log.WriteTo(file);
            ILogger logger = log.CreateLogger("Test");
            for (int line = 0; line < 500; line++)
            {
                logger.PreloadRefused($"line {line}", new string('x', 40));
            }

            await log.DisposeAsync().AsTask().OrBroken("the log to be written");
        }

        Assert.InRange(new FileInfo(LogPath).Length, 1, MaxBytes + 200);
        Assert.InRange(new FileInfo(LogPath + ".1").Length, 1, MaxBytes + 200);
        string text = Read(LogPath);
        Assert.StartsWith("The log file reached its size limit", text, StringComparison.Ordinal);
        Assert.Contains("line 499", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logger_DiskWasFull_GoesOnAndSaysHowMuchIsMissing()
    {
        using var disk = new Disk();
        using (LogFile file = LogFile.Open(LogPath, disk.Attach))
        {
            var log = new EngineLoggerProvider(Stream.Null, new FakeTimeProvider());
            log.WriteTo(file);
            ILogger logger = log.CreateLogger("Test");
            logger.PreloadRefused("first", "no reason");
            await disk.WriteAsync();
            disk.IsFull = true;
            logger.PreloadRefused("second", "no reason");
            logger.PreloadRefused("third", "no reason");
            await disk.WriteAsync();
            await disk.WriteAsync();
            disk.IsFull = false;
            logger.PreloadRefused("fourth", "no reason");
            await log.DisposeAsync().AsTask().OrBroken("the log to be written");
        }

        string text = Read(LogPath);
        Assert.Contains("2 lines of the log could not be written", text, StringComparison.Ordinal);
        Assert.Contains("'first'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("'third'", text, StringComparison.Ordinal);
        Assert.Contains("'fourth'", text, StringComparison.Ordinal);
    }

    private static FileStream Itself(FileStream file) => file;

    private static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>A disk on which nothing can be written while it is full.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly SemaphoreSlim _writes = new(0);

        public volatile bool IsFull;

        public Stream Attach(FileStream file) => new OnDisk(this, file);

        /// <summary>Waits for the next attempt to write.</summary>
        public Task WriteAsync() => _writes.WaitAsync(TestContext.Current.CancellationToken).OrBroken("a write");

        public void Dispose() => _writes.Dispose();

        private sealed class OnDisk(Disk disk, FileStream file) : MemoryStream
        {
            public override void Write(ReadOnlySpan<byte> buffer)
            {
                bool isFull = disk.IsFull;
                if (!isFull)
                {
                    file.Write(buffer);
                }

                disk._writes.Release();
                if (isFull)
                {
                    throw new IOException("No space left on device");
                }
            }

            protected override void Dispose(bool disposing)
            {
                file.Dispose();
                base.Dispose(disposing);
            }
        }
    }
}
