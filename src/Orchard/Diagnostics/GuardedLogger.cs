using Microsoft.Extensions.Logging;
using Orchard.Callbacks;

namespace Orchard.Diagnostics;

/// <summary>
/// Writes to the application's logger, from a queue: a log provider that blocks or fails must not hold up the read loop of a connection.
/// Thread-safe.
/// </summary>
internal sealed class GuardedLogger : ILogger
{
    private const int Capacity = 1024;
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger? _inner;
    private readonly CallbackQueue _queue = new(Capacity);

    private GuardedLogger(ILogger? inner) => _inner = inner;

    /// <summary>Returns the logger of this library; one that discards everything when there is no factory.</summary>
    public static GuardedLogger Create(ILoggerFactory? factory) => new(factory?.CreateLogger("Orchard"));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // The application's logger decides when the message is written: its filters are code of the application, too.
    public bool IsEnabled(LogLevel logLevel) => _inner is not null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_inner is not { } inner)
        {
            return;
        }

        ExecutionContext? context = ExecutionContext.Capture(); // for the scopes and the current span
        _queue.Add(() =>
        {
            if (context is null)
            {
                Write();
            }
            else
            {
                ExecutionContext.Run(context, static write => ((Action)write!)(), (Action)Write);
            }
        });

        void Write()
        {
            if (inner.IsEnabled(logLevel))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }

    /// <summary>Waits until the messages so far are written, or for two seconds if the log provider is slower.</summary>
    public async Task FlushAsync()
    {
        try
        {
            await _queue.DrainedAsync().WaitAsync(FlushTimeout, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }
}
