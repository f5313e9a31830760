using Microsoft.Extensions.Logging;

namespace Orchard.EndToEnd.Tests;

/// <summary>A client's log that counts the engines it starts.</summary>
internal sealed class StartLog : ILoggerFactory, ILogger
{
    private readonly SemaphoreSlim _starts = new(0);

    /// <summary>Waits for a number of starts that no call has waited for yet.</summary>
    public async Task StartedAsync(int count)
    {
        for (int start = 0; start < count; start++)
        {
            await _starts.WaitAsync();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "LogStarted")
        {
            _starts.Release();
        }
    }

    public void Dispose() => _starts.Dispose();
}
