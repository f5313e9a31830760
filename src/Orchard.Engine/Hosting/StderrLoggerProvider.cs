using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Hosting;

/// <summary>
/// Writes log lines in the form <c>[uptime in seconds] level category: message</c> from a separate task. A slow or missing reader of
/// standard error causes lost lines, but never blocks or ends the engine.
/// </summary>
internal sealed class StderrLoggerProvider : ILoggerProvider, ILoggerFactory, IAsyncDisposable
{
    private const int MaxQueuedLines = 1024;
    private static readonly byte[] RolledOver =
        "The log file reached its size limit; earlier lines are in the file with the suffix .1.\n"u8.ToArray();
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
    /// <param name="time">The clock for the uptime.</param>
    /// <param name="minimum">Minimum level to write.</param>
    /// <param name="limit">Limits the file that <paramref name="output"/> is redirected to; null for no limit.</param>
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

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The engine logs only to standard error.");

    public void Dispose() => _lines.Writer.TryComplete();

    /// <summary>Waits up to one second until all lines are written.</summary>
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
                // The reader of the log has exited. The engine continues without a log, because it serves other clients.
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
            await _output.WriteAsync(RolledOver).ConfigureAwait(false);
        }
    }

    private sealed class Logger(StderrLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner._minimum && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            double uptime = owner._time.GetElapsedTime(owner._start).TotalSeconds;
            string cause = exception is null ? "" : $" ({exception})";
            string line = $"{formatter(state, exception)}{cause}".ReplaceLineEndings(" ");
            owner._lines.Writer.TryWrite(
                string.Create(CultureInfo.InvariantCulture, $"[{uptime,10:0.000}] {Name(logLevel)} {category}: {line}\n"));
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
