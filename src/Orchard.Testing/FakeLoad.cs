namespace Orchard.Testing;

/// <summary>Outcome of a model load. Immutable.</summary>
public sealed class FakeLoad
{
    private readonly Func<TimeProvider, CancellationToken, Task>[] _waits;

    private FakeLoad(LoadEnd end, string? error = null, Func<TimeProvider, CancellationToken, Task>[]? waits = null)
    {
        End = end;
        Error = error;
        _waits = waits ?? [];
    }

    /// <summary>The model is loaded.</summary>
    public static FakeLoad Success { get; } = new(LoadEnd.Success);

    /// <summary>The engine never answers.</summary>
    public static FakeLoad Stall { get; } = new(LoadEnd.Stall);

    /// <summary>The engine crashes while loading.</summary>
    public static FakeLoad Crash { get; } = new(LoadEnd.Crash);

    /// <summary>The engine's reply is malformed.</summary>
    public static FakeLoad MalformedReply { get; } = new(LoadEnd.MalformedReply);

    internal LoadEnd End { get; }

    internal string? Error { get; }

    /// <summary>Creates the outcome of a load that fails.</summary>
    /// <param name="error">The engine's error message.</param>
    /// <returns>The outcome.</returns>
    public static FakeLoad Failure(string error) => new(LoadEnd.Failure, error);

    /// <summary>Returns the same outcome, delayed until the test opens a gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <returns>The delayed outcome.</returns>
    public FakeLoad After(EngineGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return new FakeLoad(End, Error, [.. _waits, (_, cancellationToken) => gate.PassAsync(cancellationToken)]);
    }

    /// <summary>Returns the same outcome, delayed by a period of the engine's clock.</summary>
    /// <param name="delay">The period.</param>
    /// <returns>The delayed outcome.</returns>
    public FakeLoad After(TimeSpan delay) =>
        new(End, Error, [.. _waits, (time, cancellationToken) => Task.Delay(delay, time, cancellationToken)]);

    internal async Task WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (Func<TimeProvider, CancellationToken, Task> wait in _waits)
        {
            await wait(time, cancellationToken).ConfigureAwait(false);
        }
    }

    internal enum LoadEnd
    {
        Success,
        Failure,
        Stall,
        Crash,
        MalformedReply,
    }
}
