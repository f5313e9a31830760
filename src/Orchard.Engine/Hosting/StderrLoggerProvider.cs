using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Hosting;

/// <summary>
/// Plain log lines, <c>[uptime in seconds] level category: message</c>, written by one task: a reader of our standard error that is
/// slow or gone costs log lines, never a stalled or killed engine.
/// </summary>
internal sealed class StderrLoggerProvider : ILoggerProvider, ILoggerFactory, IAsyncDisposable
{
    private const int MaxQueuedLines = 1024;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxQueuedLines) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly LogLevel _minimum;
    private readonly LogFileLimit? _limit;
    private readonly long _start;
    private readonly Task _writer;

    /// <param name="output">Standard error.</param>
    /// <param name="time">The clock of the uptime.</param>
    /// <param name="minimum">Lines below this level are left out.</param>
    /// <param name="limit">Bounds the file behind <paramref name="output"/>; null when that is somebody else's business.</param>
    public StderrLoggerProvider(Stream output, TimeProvider time, LogLevel minimum = LogLevel.Information, LogFileLimit? limit = null)
    {
        _output = output;
        _time = time;
        _minimum = minimum;
        _limit = limit;
        _start = time.GetTimestamp();
        _writer = Task.Run(WriteLinesAsync);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The engine logs to standard error alone.");

    public void Dispose() => _lines.Writer.TryComplete();

    /// <summary>Waits, for a second at most, until what was logged is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Task.WhenAny(_writer, Task.Delay(FlushLimit, _time)).ConfigureAwait(false);
    }

    private async Task WriteLinesAsync()
    {
        bool open = true;
        await foreach (string line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!open)
            {
                continue;
            }

            try
            {
                await WriteAsync(line).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // Whoever read the log is gone. The engine serves others, so it goes on without.
                open = false;
            }
        }
    }

    private async Task WriteAsync(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        await _output.WriteAsync(bytes).ConfigureAwait(false);
        if (_limit?.Appended(bytes.Length) == true)
        {
            await _output.WriteAsync("The log had become too long; what came before is in the file beside it.\n"u8.ToArray()).ConfigureAwait(false);
        }
    }

    private sealed class Logger(StderrLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner._minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            double uptime = owner._time.GetElapsedTime(owner._start).TotalSeconds;
            string cause = exception is null ? "" : $" ({exception})";
            string line = $"{formatter(state, exception)}{cause}".ReplaceLineEndings(" ");
            owner._lines.Writer.TryWrite(string.Create(CultureInfo.InvariantCulture, $"[{uptime,10:0.000}] {Name(logLevel)} {category}: {line}\n"));
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "error",
            _ => "fatal",
        };
    }
}
