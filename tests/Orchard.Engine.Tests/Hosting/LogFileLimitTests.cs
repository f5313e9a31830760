using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Hosting;
using Orchard.Engine.Tests.Serving;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Hosting;

public sealed class LogFileLimitTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string LogPath => Path.Combine(_directory.Path, "engine.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Appended_BelowTheLimit_LeavesTheFile()
    {
        File.WriteAllText(LogPath, new string('a', 60));
        var limit = new LogFileLimit(LogPath, maxBytes: 100);

        Assert.False(limit.Appended(39));

        Assert.Equal(60, new FileInfo(LogPath).Length);
        Assert.False(File.Exists(LogPath + ".1"));
    }

    [Fact]
    public void Appended_UpToTheLimitCountingWhatWasThere_MovesTheContentAside()
    {
        File.WriteAllText(LogPath, new string('a', 60));
        File.WriteAllText(LogPath + ".1", "older");
        var limit = new LogFileLimit(LogPath, maxBytes: 100);

        Assert.True(limit.Appended(40));
        Assert.False(limit.Appended(99));

        Assert.Equal(0, new FileInfo(LogPath).Length);
        Assert.Equal(new string('a', 60), File.ReadAllText(LogPath + ".1"));
    }

    [Fact]
    public void Appended_FileRemoved_IsNoFailure() => Assert.False(new LogFileLimit(LogPath, maxBytes: 10).Appended(20));

    [Fact]
    public async Task Logger_WritesForLong_KeepsBothFilesSmallAndSaysSo()
    {
        const int MaxBytes = 4_000;
        using (var output = new AppendingStream(LogPath))
        {
            var log = new StderrLoggerProvider(output, new FakeTimeProvider(), limit: new LogFileLimit(LogPath, MaxBytes));
            ILogger logger = log.CreateLogger("Test");
            for (int line = 0; line < 500; line++)
            {
                logger.PreloadRefused($"line {line}", new string('x', 40));
            }

            await log.DisposeAsync().AsTask().OrBroken("the log to be written");
        }

        Assert.InRange(new FileInfo(LogPath).Length, 1, MaxBytes + 200);
        Assert.InRange(new FileInfo(LogPath + ".1").Length, 1, MaxBytes + 200);
        string text = await File.ReadAllTextAsync(LogPath, TestContext.Current.CancellationToken);
        Assert.StartsWith("The log file reached its size limit", text, StringComparison.Ordinal);
        Assert.Contains("line 499", text, StringComparison.Ordinal);
    }

    /// <summary>A file opened for appending, as by a shell: each write goes to the current end.</summary>
    private sealed class AppendingStream(string path) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            File.AppendAllText(path, Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
