namespace Orchard.Testing;

/// <summary>How loading a model goes. Immutable.</summary>
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

    /// <summary>The engine never says how it went.</summary>
    public static FakeLoad Stall { get; } = new(LoadEnd.Stall);

    /// <summary>The engine dies over it.</summary>
    public static FakeLoad Crash { get; } = new(LoadEnd.Crash);

    /// <summary>The engine's answer cannot be read.</summary>
    public static FakeLoad MalformedReply { get; } = new(LoadEnd.MalformedReply);

    internal LoadEnd End { get; }

    internal string? Error { get; }

    /// <summary>The model cannot be loaded.</summary>
    /// <param name="error">Why, in the engine's words.</param>
    public static FakeLoad Failure(string error) => new(LoadEnd.Failure, error);

    /// <summary>The same, not before the test opens the gate.</summary>
    public FakeLoad After(EngineGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return new FakeLoad(End, Error, [.. _waits, (_, cancellationToken) => gate.PassAsync(cancellationToken)]);
    }

    /// <summary>The same, after a time of the engine's clock.</summary>
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
