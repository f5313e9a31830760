using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Orchard.Tests.Callbacks;

/// <summary>Every kind of code that an application passes to a client: notes where it is called, and blocks if it should.</summary>
internal sealed class UserCode : ILoggerFactory, ILogger, IProgress<ModelLoadProgress>, IDisposable
{
    // Methods whose threads others depend on: the read loop of published messages, those of replies, and the timer of stalled waits.
    private static readonly string[] Loops = ["OnPublishedAsync", "OnReply", "EngineEvents.OnEvent", "StallWatch.Check"];

    private readonly ConcurrentQueue<(string What, string Stack)> _calls = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActivityListener _spans;
    private readonly MeterListener _meter = new();
    private string? _blocks;

    public UserCode()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Orchard",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Called("a span's start"),
            ActivityStopped = _ => Called("a span's end"),
        };
        ActivitySource.AddActivityListener(_spans);
        _meter.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Orchard")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<double>((_, _, _, _) => Called("a measurement"));
        _meter.SetMeasurementEventCallback<long>((_, _, _, _) => Called("a measurement"));
        _meter.SetMeasurementEventCallback<int>((_, _, _, _) => Called("a measurement"));
        _meter.Start();
    }

    /// <summary>What was called so far.</summary>
    public IEnumerable<string> Calls => _calls.Select(call => call.What).Distinct();

    /// <summary>The calls that came from a loop that others depend on.</summary>
    public IEnumerable<string> CallsOnLoops =>
        _calls.Where(call => Array.Exists(Loops, loop => call.Stack.Contains(loop, StringComparison.Ordinal))).Select(call => call.What + call.Stack);

    /// <summary>Blocks the next calls of a kind. Completes when one is blocked.</summary>
    public Task Block(string what)
    {
        _open.Reset();
        _blocks = what;
        return _blocked.Task;
    }

    /// <summary>Ends the block.</summary>
    public void Open() => _open.Set();

    /// <summary>Notes a call.</summary>
    public void Called(string what)
    {
        _calls.Enqueue((what, Environment.StackTrace));
        if (what == _blocks && !_open.IsSet)
        {
            _blocked.TrySetResult();
            _open.Wait();
        }
    }

    public void Report(ModelLoadProgress value) => Called("progress");

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        Called("the filter of a log");
        return true;
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Called("a log");

    public void Dispose()
    {
        Open();
        _meter.Dispose();
        _spans.Dispose();
    }
}
