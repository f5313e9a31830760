using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Hosting;

/// <summary>
/// Writes log lines in the form <c>[uptime in seconds] level category: message</c> from a separate task, to standard error until
/// <see cref="WriteTo"/>. A slow or missing reader or a full disk causes lost lines, but never blocks or ends the engine.
/// </summary>
internal sealed class EngineLoggerProvider : ILoggerProvider, ILoggerFactory, IAsyncDisposable
{
    private const int MaxQueuedLines = 1024;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxQueuedLines) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Stream _standardError;
    private readonly TimeProvider _time;
    private readonly LogLevel _minimum;
    private readonly long _start;
    private readonly Task _writer;
    private volatile LogFile? _file;
    private int _lostLines;

    /// <param name="standardError">Standard error.</param>
    /// <param name="time">The clock for the uptime.</param>
    /// <param name="minimum">Minimum level to write.</param>
    public EngineLoggerProvider(Stream standardError, TimeProvider time, LogLevel minimum = LogLevel.Information)
    {
        _standardError = standardError;
        _time = time;
        _minimum = minimum;
        _start = time.GetTimestamp();
        _writer = Task.Run(WriteLinesAsync);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The engine has only its own log.");

    /// <summary>Writes further lines to a file, which is not disposed here.</summary>
    public void WriteTo(LogFile file) => _file = file;

    public void Dispose() => _lines.Writer.TryComplete();

    /// <summary>Waits up to one second until all lines are written.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Task.WhenAny(_writer, Task.Delay(FlushLimit, _time)).ConfigureAwait(false);
    }

    private async Task WriteLinesAsync()
    {
        await foreach (string line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                if (_lostLines > 0)
                {
                    // The last line may have been written in part.
                    Write(string.Create(CultureInfo.InvariantCulture, $"\n{_lostLines} lines of the log could not be written.\n"));
                    _lostLines = 0;
                }

                Write(line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // The disk is full, which may pass, or the reader of standard error has exited. The engine serves other clients.
                _lostLines++;
            }
        }
    }

    private void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        if (_file is { } file)
        {
            file.Write(bytes);
        }
        else
        {
            _standardError.Write(bytes);
        }
    }

    private sealed class Logger(EngineLoggerProvider owner, string category) : ILogger
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
