using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Tests.Prefixes;

/// <summary>Keeps the texts that are logged.</summary>
internal sealed class RecordedLog : ILogger
{
    private readonly ConcurrentQueue<string> _texts = new();

    public IReadOnlyCollection<string> Texts => _texts;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _texts.Enqueue(formatter(state, exception));
}
